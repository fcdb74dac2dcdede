import { useEffect, useState, type ComponentType, type ReactNode, type RefObject } from 'react'

/** A row that is drawn: its place in the list, and the room of those before it that aren't. */
export type DrawnRow = { at: number; gap: number }

/** What is drawn of a long list. */
export type DrawnRows = {
  rows: readonly DrawnRow[]
  /** The room of the rows after the last drawn one. */
  after: number
  /** Goes on the element of each row, which has its place as `data-index`. */
  measure: (element: Element | null) => void
}

export type RowWindowProps = {
  /** What each row is known by, in their order. */
  ids: readonly string[]
  /** How many rows there are, of which these may be the first. */
  total: number
  /** How high a row is, in pixels, until it was drawn. */
  rowHeight: number
  /** The element that all rows are in. */
  list: RefObject<HTMLElement | null>
  children: (drawn: DrawnRows) => ReactNode
}

// So many are no burden, and the browser's own search finds them all.
export const ALL_DRAWN_MAX = 100

function measureNothing(): void {}

/**
 * Draws a list's rows: all of them where they are few, otherwise those in sight and some around
 * them. What that takes is fetched with the first list that may become long; where it can't be
 * had, all are drawn.
 */
export function RowWindow(props: RowWindowProps) {
  const isLong = props.ids.length > ALL_DRAWN_MAX
  const mayBeLong = props.total > ALL_DRAWN_MAX
  const [Windowed, setWindowed] = useState<ComponentType<RowWindowProps>>()
  useEffect(() => {
    if (!mayBeLong || Windowed) return
    import('./windowed-rows.tsx').then(
      ({ WindowedRows }) => setWindowed(() => WindowedRows),
      () => {},
    )
  }, [mayBeLong, Windowed])
  if (isLong && Windowed) return <Windowed {...props} />
  const rows = props.ids.map((_, at) => ({ at, gap: 0 }))
  return props.children({ rows, after: 0, measure: measureNothing })
}

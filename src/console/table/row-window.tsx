import { useEffect, useState, type ComponentType } from 'react'
import type { RowWindowProps } from './row-window-props.ts'

// Few enough to render, and the browser's own search then finds them all.
export const ALL_DRAWN_MAX = 100

function measureNothing(): void {}

/**
 * Renders a list's rows, virtualized if there are more than {@link ALL_DRAWN_MAX}. The
 * virtualizer is loaded lazily for lists that may become long; without it, all rows render.
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

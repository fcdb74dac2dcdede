import type { ReactNode, RefObject } from 'react'

/** A rendered row: its index in the list, and the height of the skipped rows before it, in pixels. */
export type DrawnRow = { at: number; gap: number }

/** The rendered part of a long list. */
export type DrawnRows = {
  rows: readonly DrawnRow[]
  /** The height of the rows after the last rendered one, in pixels. */
  after: number
  /** The ref of each row's element, which has its index as `data-index`. */
  measure: (element: Element | null) => void
}

export type RowWindowProps = {
  /** The key of each row, in order. */
  ids: readonly string[]
  /** How many rows there are in total, of which these may be the first. */
  total: number
  /** The estimated height of a row, in pixels, until it is measured. */
  rowHeight: number
  /** The element with all rows. */
  list: RefObject<HTMLElement | null>
  children: (drawn: DrawnRows) => ReactNode
}

import { defaultRangeExtractor, useWindowVirtualizer, type Range } from '@tanstack/react-virtual'
import { useDeferredValue, useLayoutEffect, useState } from 'react'
import type { DrawnRow, RowWindowProps } from './row-window-props.ts'

// Rows rendered beyond each edge, so that Tab finds the next row and scrolling shows no gap.
const OVERSCAN = 6

/** Virtualizes the rows against the browser's window; the focused row always stays. */
export function WindowedRows({ ids, rowHeight, list, children }: RowWindowProps) {
  const [top, setTop] = useState(0)
  // The library returns unstable functions; nothing of it is memoized here.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => rowHeight,
    getItemKey: (at) => ids[at] ?? at,
    overscan: OVERSCAN,
    useFlushSync: false,
    scrollMargin: top,
    rangeExtractor: (range) => withFocused(range, list.current),
  })
  // Content above the list may change its height, and with it the list's offset.
  useLayoutEffect(() => {
    const measure = () => {
      const inWindow = list.current?.getBoundingClientRect().top ?? 0
      setTop(Math.round(inWindow + window.scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [list])
  const rows: DrawnRow[] = []
  let end = top
  for (const item of virtualizer.getVirtualItems()) {
    rows.push({ at: item.index, gap: item.start - end })
    end = item.end
  }
  const after = top + virtualizer.getTotalSize() - end
  // Dragging the scrollbar brings many rows at once: deferred, they don't block scrolling.
  const drawn = useDeferredValue({ rows, after })
  return children({ ...drawn, measure: virtualizer.measureElement })
}

function withFocused(range: Range, list: HTMLElement | null): number[] {
  const inSight = defaultRangeExtractor(range)
  const { activeElement } = document
  if (!activeElement || !list?.contains(activeElement)) return inSight
  const focused = Number(activeElement.closest('[data-index]')?.getAttribute('data-index') ?? -1)
  if (focused < 0 || focused >= range.count || inSight.includes(focused)) return inSight
  return [...inSight, focused].toSorted((one, other) => one - other)
}

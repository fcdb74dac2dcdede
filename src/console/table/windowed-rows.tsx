import { defaultRangeExtractor, useWindowVirtualizer, type Range } from '@tanstack/react-virtual'
import { useDeferredValue, useLayoutEffect, useState } from 'react'
import type { DrawnRow, RowWindowProps } from './row-window.tsx'

// Beyond each edge of the window, so that Tab finds the next row and scrolling shows no gap.
const OVERSCAN = 6

/** Draws the rows that the browser's window shows, and the one that has the focus. */
export function WindowedRows({ ids, rowHeight, list, children }: RowWindowProps) {
  const [top, setTop] = useState(0)
  // It is told here of what it draws anew; nothing of it is memoized.
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
  // What stands above the list changes its height now and then, and the page's with it.
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
  // Many rows at once come into sight of who drags the scrollbar: scrolling doesn't wait for them.
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

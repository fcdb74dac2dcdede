const GAP = 6
const EDGE = 8

/** Where a popover goes, if there is room. */
export type Side = 'above' | 'below' | 'before'

/**
 * Puts a shown popover above, below or before an anchor, elsewhere where there is no room, and
 * keeps it inside the window. `above` centres it, `below` lines up the far edges.
 */
export function placeBeside(popover: HTMLElement, anchor: Element, side: Side): void {
  const at = anchor.getBoundingClientRect()
  const { width, height } = popover.getBoundingClientRect()
  if (side === 'before' && at.left - width - GAP >= EDGE) {
    popover.style.top = `${Math.round(at.top + (at.height - height) / 2)}px`
    popover.style.left = `${Math.round(at.left - width - GAP)}px`
    return
  }
  const over = at.top - height - GAP
  const under = at.bottom + GAP
  const fitsUnder = under + height + EDGE <= window.innerHeight
  const top =
    side !== 'below' ? (over >= EDGE ? over : under) : fitsUnder || over < EDGE ? under : over
  const left = side !== 'below' ? at.left + (at.width - width) / 2 : at.right - width
  const rightmost = document.documentElement.clientWidth - width - EDGE
  popover.style.top = `${Math.round(top)}px`
  popover.style.left = `${Math.round(Math.max(EDGE, Math.min(left, rightmost)))}px`
}

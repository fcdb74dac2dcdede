const GAP = 6
const EDGE = 8

/**
 * Puts a shown popover above or below an anchor, on the other side where there is no room,
 * and keeps it inside the window. `above` centres it, `below` lines up the far edges.
 */
export function placeBeside(popover: HTMLElement, anchor: Element, side: 'above' | 'below'): void {
  const at = anchor.getBoundingClientRect()
  const { width, height } = popover.getBoundingClientRect()
  const over = at.top - height - GAP
  const under = at.bottom + GAP
  const fitsUnder = under + height + EDGE <= window.innerHeight
  const top =
    side === 'above' ? (over >= EDGE ? over : under) : fitsUnder || over < EDGE ? under : over
  const left = side === 'above' ? at.left + (at.width - width) / 2 : at.right - width
  const rightmost = document.documentElement.clientWidth - width - EDGE
  popover.style.top = `${Math.round(top)}px`
  popover.style.left = `${Math.round(Math.max(EDGE, Math.min(left, rightmost)))}px`
}

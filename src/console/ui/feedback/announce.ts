/**
 * Says a short text to screen readers. The region is marked `aria-live`, which keeps it
 * audible while a modal dialog hides the rest of the page from them.
 */
export function announce(text: string): void {
  const region = liveRegion()
  // The same words twice are only said again when the region changes in between.
  region.textContent = ''
  requestAnimationFrame(() => {
    region.textContent = text
  })
}

const REGION_ID = 'announcements'

function liveRegion(): HTMLElement {
  const present = document.getElementById(REGION_ID)
  if (present) return present
  const region = document.createElement('div')
  region.id = REGION_ID
  region.className = 'sr-only'
  region.setAttribute('aria-live', 'polite')
  document.body.append(region)
  return region
}

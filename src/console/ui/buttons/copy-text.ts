/**
 * Copies text and says whether that worked. Where the clipboard API is absent (plain HTTP)
 * or refuses, it copies through a selection instead.
 */
export async function copyText(text: string): Promise<boolean> {
  // The fallback needs the user's click to be recent, so it can't wait for a slow refusal.
  if (window.isSecureContext && 'clipboard' in navigator) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Refused by a permission or by a document without focus.
    }
  }
  return copyThroughSelection(text, nearestDialog())
}

// A modal dialog would pull the focus back from a selection anywhere outside of it.
function nearestDialog(): Element {
  return document.activeElement?.closest('[role=dialog], [role=alertdialog]') ?? document.body
}

function copyThroughSelection(text: string, container: Element): boolean {
  const focused = document.activeElement
  const selection = document.getSelection()
  const ranges = Array.from({ length: selection?.rangeCount ?? 0 }, (_, index) =>
    selection?.getRangeAt(index),
  )
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.setAttribute('aria-hidden', 'true')
  area.style.cssText = 'position:fixed;top:0;left:0;opacity:0;pointer-events:none'

  // execCommand answers true for an empty selection too; only this event shows what was taken.
  let taken = false
  const onCopy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    taken = event.clipboardData !== null
  }

  container.append(area)
  document.addEventListener('copy', onCopy, { capture: true })
  try {
    area.focus({ preventScroll: true })
    area.select()
    return document.execCommand('copy') && taken
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true })
    area.remove()
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
    selection?.removeAllRanges()
    for (const range of ranges) if (range) selection?.addRange(range)
  }
}

/** Selects all text of an element, so that people can copy it themselves. */
export function selectContents(element: Element): void {
  const selection = document.getSelection()
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.select()
  } else {
    selection?.selectAllChildren(element)
  }
}

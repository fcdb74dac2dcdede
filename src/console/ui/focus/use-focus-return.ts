import { use, useState } from 'react'
import { FocusReturn } from './focus-return.ts'

const DIALOG = '[role=dialog], [role=alertdialog]'

// What each open dialog gives the focus back to, for dialogs that open out of it.
const openersOf = new WeakMap<Element, readonly Element[]>()

/**
 * Gives the focus back when a dialog closes: to what {@link FocusReturn} holds, or to what the
 * dialog was opened from or, where that is gone, to what the dialog before it was opened from,
 * or to the page's content. A focus that has been put somewhere by then stays there.
 */
export function useFocusReturn(): {
  content: (element: Element | null) => void
  onCloseAutoFocus: (event: Event) => void
} {
  const insteadRef = use(FocusReturn)
  const [openers] = useState(() => {
    const from = document.activeElement
    const dialog = from?.closest(DIALOG)
    return from ? [from, ...((dialog && openersOf.get(dialog)) ?? [])] : []
  })
  return {
    content: (element) => {
      if (element) openersOf.set(element, openers)
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault()
      const focused = document.activeElement
      const instead = insteadRef?.current
      // A dialog that followed this one closes later, and it is for that one then.
      if (insteadRef && !focused?.closest(DIALOG)) insteadRef.current = null
      if (focused !== document.body) return
      const target = [instead, ...openers].find((one) => one?.isConnected && one !== document.body)
      const fallback = target ?? document.querySelector('main')
      if (fallback instanceof HTMLElement) fallback.focus()
    },
  }
}

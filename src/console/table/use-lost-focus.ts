import { useEffect, useRef, type FocusEvent, type RefObject } from 'react'

/**
 * For a list in which work on a row may take away the row, or the button that it was started
 * from: once what is listed has changed after that, `instead` gets the focus that went with it.
 * The handlers go on what holds the list. A row that is merely scrolled out of a long list takes
 * its focus along, and nothing jumps.
 */
export function useLostFocus(listed: unknown, instead: RefObject<HTMLElement | null>) {
  const focused = useRef<Element>(null)
  const isWorkDone = useRef(false)
  const before = useRef(listed)
  useEffect(() => {
    if (before.current === listed) return
    before.current = listed
    const isLost = focused.current?.isConnected === false
    if (isWorkDone.current && isLost && document.activeElement === document.body) {
      instead.current?.focus()
    }
    isWorkDone.current = false
  }, [listed, instead])
  return {
    workIsDone: () => {
      isWorkDone.current = true
    },
    handlers: {
      onFocus: ({ target }: FocusEvent) => {
        focused.current = target
      },
      // An element that is taken away isn't heard of here.
      onBlur: () => {
        focused.current = null
      },
    },
  }
}

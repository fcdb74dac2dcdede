/** Whether something inside a dialog has a use of its own for this press of Esc. */
export function holdsEscape(event: KeyboardEvent): boolean {
  const { target } = event
  const clearsSearch =
    target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
  return clearsSearch || document.querySelector('[popover]:popover-open') !== null
}

/** Whether a press outside of a dialog hit a toast, which lies above dialogs. */
export function isToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-toasts]') !== null
}

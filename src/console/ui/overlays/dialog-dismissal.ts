/** Whether something inside a dialog has a use of its own for this press of Esc. */
export function holdsEscape(event: KeyboardEvent): boolean {
  const { target } = event
  const clearsSearch =
    target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
  return clearsSearch || document.querySelector('[popover]:popover-open') !== null
}

import type { KeyboardEvent } from 'react'

/** Moves the focus between the check boxes of a container by arrow up and down. */
export function moveFocusByArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const { target, currentTarget } = event
  if (step === 0 || !(target instanceof HTMLInputElement) || target.type !== 'checkbox') return
  event.preventDefault()
  const all = currentTarget.querySelectorAll<HTMLInputElement>('input[type=checkbox]')
  const boxes = [...all].filter((box) => !box.closest('[hidden]'))
  boxes[boxes.indexOf(target) + step]?.focus()
}

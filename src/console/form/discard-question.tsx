import { useId, useRef, useState, type ReactNode } from 'react'
import { Button } from '../ui/buttons/button.tsx'
import { useLeaveQuestion } from './use-leave-question.ts'

/**
 * Guards what was typed in a dialog: X, Esc and a press on the scrim ask in its footer when
 * there is something to lose, and a second time take the question back. What leaves the page
 * asks as well, until it is answered. Cancel is meant and doesn't go through here. While it is
 * undefined, `question` leaves the footer to the buttons.
 */
export function useDiscardQuestion({
  isDirty,
  onClose,
}: {
  isDirty: boolean
  onClose: () => void
}): { requestClose: () => void; question: ReactNode } {
  const [isAsking, setIsAsking] = useState(false)
  const focusBefore = useRef<Element>(null)
  useLeaveQuestion({ wouldLose: isDirty, ask })

  function ask(): void {
    if (isAsking) return
    focusBefore.current = document.activeElement
    setIsAsking(true)
  }

  function keepEditing(): void {
    setIsAsking(false)
    if (focusBefore.current instanceof HTMLElement) focusBefore.current.focus()
  }

  function requestClose(): void {
    if (isAsking) keepEditing()
    else if (isDirty) ask()
    else onClose()
  }

  return {
    requestClose,
    question: isAsking ? <DiscardQuestion onKeep={keepEditing} onDiscard={onClose} /> : undefined,
  }
}

function DiscardQuestion({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  const id = useId()
  return (
    <fieldset
      aria-labelledby={id}
      className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-2"
    >
      <p id={id} className="mr-auto font-[550]">
        Discard changes?
      </p>
      <Button onClick={onDiscard}>Discard</Button>
      <Button variant="primary" ref={focusAtOnce} onClick={onKeep}>
        Keep editing
      </Button>
    </fieldset>
  )
}

function focusAtOnce(element: HTMLButtonElement | null): void {
  element?.focus()
}

import { Button } from '../../ui/button.tsx'

function focusAtOnce(element: HTMLButtonElement | null): void {
  element?.focus()
}

/** Asks in the dialog's footer whether unsaved changes may go. */
export function DiscardQuestion({
  onKeep,
  onDiscard,
}: {
  onKeep: () => void
  onDiscard: () => void
}) {
  return (
    <fieldset
      aria-labelledby="discard-question"
      className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-2"
    >
      <p id="discard-question" className="mr-auto font-[550]">
        Discard changes?
      </p>
      <Button onClick={onDiscard}>Discard</Button>
      <Button variant="primary" ref={focusAtOnce} onClick={onKeep}>
        Keep editing
      </Button>
    </fieldset>
  )
}

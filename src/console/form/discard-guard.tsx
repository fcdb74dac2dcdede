import { useState, type ReactNode } from 'react'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { CloseReason } from '../ui/dialog.tsx'

/**
 * Guards what was typed in a dialog: X, Esc and a press on the scrim ask first when there is
 * something to lose. Cancel is meant and doesn't go through here. `question` belongs inside
 * the dialog.
 */
export function useDiscardGuard({
  isDirty,
  title,
  onClose,
}: {
  isDirty: boolean
  /** "Discard this deployment?" */
  title: string
  onClose: () => void
}): { requestClose: (reason: CloseReason) => void; question: ReactNode } {
  const [isAsking, setIsAsking] = useState(false)
  return {
    requestClose: () => (isDirty ? setIsAsking(true) : onClose()),
    question: isAsking && (
      <ConfirmDialog
        title={title}
        confirmLabel="Discard"
        cancelLabel="Keep editing"
        onConfirm={onClose}
        onCancel={() => setIsAsking(false)}
      >
        <p>What you entered is not saved.</p>
      </ConfirmDialog>
    ),
  }
}

import type { User } from '../../contract/accounts/schemas.ts'
import { AddUserDialog } from './add-user-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { RemoveUserDialog } from './remove-user-dialog.tsx'
import { RoleDialog } from './role-dialog.tsx'

/** Which dialog of the Users page is open, and about whom. */
export type OpenDialog =
  | { kind: 'add' }
  | { kind: 'role'; user: User }
  | { kind: 'password'; user: User }
  | { kind: 'remove'; user: User }

/** The dialogs of the Users page: the one that is open. */
export function UserDialogs({
  dialog,
  ownId,
  onRemoved,
  onClose,
}: {
  dialog: OpenDialog
  ownId: string | undefined
  onRemoved: () => void
  onClose: () => void
}) {
  switch (dialog.kind) {
    case 'add':
      return <AddUserDialog onClose={onClose} />
    case 'role':
      return <RoleDialog user={dialog.user} onClose={onClose} />
    case 'password':
      return <PasswordDialog user={dialog.user} onClose={onClose} />
    case 'remove':
      break
  }
  return (
    <RemoveUserDialog
      user={dialog.user}
      isOwn={dialog.user.id === ownId}
      onClose={onClose}
      onRemoved={() => {
        onRemoved()
        onClose()
      }}
    />
  )
}

import { useId, useState } from 'react'
import { roles } from '../../contract/accounts/roles.ts'
import type { User } from '../../contract/accounts/schemas.ts'
import { RoleChoice } from '../people/role-choice.tsx'
import { roleNames } from '../people/role-names.ts'
import { Button } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'
import { useUserUpdate } from './use-user-update.ts'

/** Changes what a user may do. */
export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const formId = useId()
  const [role, setRole] = useState(user.role)
  const { update, error, isPending } = useUserUpdate(user, () => {
    onClose()
    showToast('ok', `${user.username} is ${roleNames[role].toLowerCase()} from now on.`)
  })

  return (
    <Dialog
      title="Change role"
      subtitle={user.username}
      size="sm"
      onRequestClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            loading={isPending}
            disabledReason={role === user.role ? 'This is the role they have' : undefined}
          >
            Change role
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (role !== user.role && !isPending) update({ role })
        }}
      >
        <RoleChoice
          name="role"
          chosen={role}
          onChange={({ target }) => {
            const chosen = roles.find((one) => one === target.value)
            if (chosen) setRole(chosen)
          }}
        />
        <p className="text-sm text-pretty text-muted">
          It holds from their next request on; they stay signed in.
        </p>
        {error !== undefined && <InlineMessage tone="danger">{error}</InlineMessage>}
      </form>
    </Dialog>
  )
}

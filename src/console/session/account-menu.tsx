import { ChevronsUpDown, KeyRound, LogOut, MonitorOff, UserRound } from 'lucide-react'
import { useState } from 'react'
import type { Session } from '../../contract/accounts/schemas.ts'
import { useApiMutation } from '../api/mutation.ts'
import { roleNames } from '../people/role-names.ts'
import { lazyDialog } from '../ui/lazy/lazy-dialog.tsx'
import { Menu, type MenuItem } from '../ui/overlays/menu.tsx'
import { leaveForSignIn } from './leave.ts'

const ChangePasswordDialog = lazyDialog(
  async () => (await import('./change-password-dialog.tsx')).ChangePasswordDialog,
)
const SignOutEverywhereDialog = lazyDialog(
  async () => (await import('./sign-out-everywhere-dialog.tsx')).SignOutEverywhereDialog,
)

const NO_SIGN_IN = 'The demo has no sign-in.'
const NO_PASSWORD = 'You sign in through your provider; your password is changed there.'

/** Who is signed in, with what they can do about it. */
export function AccountMenu({ session }: { session: Session }) {
  const [dialog, setDialog] = useState<'closed' | 'password' | 'everywhere'>('closed')
  const close = () => setDialog('closed')
  const { mutate } = useApiMutation('deleteSession', {
    errorIn: 'toast',
    errorTitle: 'You are still signed in.',
    invalidates: [],
    onSuccess: leaveForSignIn,
  })
  const role = roleNames[session.role]
  const noSignIn = session.kind === 'demo' ? NO_SIGN_IN : undefined
  const items: MenuItem[] = [
    {
      label: 'Change password',
      icon: <KeyRound className="size-3.5" />,
      onSelect: () => setDialog('password'),
      disabledReason: noSignIn ?? (session.hasPassword ? undefined : NO_PASSWORD),
    },
    {
      label: 'Sign out',
      icon: <LogOut className="size-3.5" />,
      onSelect: () => mutate({}),
      disabledReason: noSignIn,
    },
    {
      label: 'Sign out everywhere',
      icon: <MonitorOff className="size-3.5" />,
      onSelect: () => setDialog('everywhere'),
      disabledReason: noSignIn,
    },
  ]
  return (
    <>
      <Menu
        label={`Account of ${session.name}`}
        items={items}
        heading={<Heading session={session} role={role} />}
        face={{
          className:
            'flex h-8 w-full min-w-0 items-center gap-2.5 rounded-sm px-1 text-start hover:bg-hover aria-expanded:bg-pressed xl:h-11 xl:px-2',
          content: <Face name={session.name} role={role} />,
        }}
      />
      {dialog === 'password' && <ChangePasswordDialog onClose={close} onLoadError={close} />}
      {dialog === 'everywhere' && <SignOutEverywhereDialog onClose={close} onLoadError={close} />}
    </>
  )
}

function Face({ name, role }: { name: string; role: string }) {
  return (
    <>
      <span className="grid size-6 flex-none place-items-center rounded-full bg-selected text-muted xl:size-7">
        <UserRound className="size-3.5" />
      </span>
      <span className="min-w-0 flex-1 max-xl:sr-only">
        <span className="sr-only">Account of </span>
        <span className="block truncate leading-4 font-[550]">{name}</span>
        <span className="block truncate text-sm text-muted">{role}</span>
      </span>
      <ChevronsUpDown className="size-3.5 text-faint max-xl:hidden" />
    </>
  )
}

function Heading({ session, role }: { session: Session; role: string }) {
  return (
    <div className="mb-1 max-w-60 border-b border-line-soft px-2 pt-1 pb-2">
      <p className="font-[550] wrap-anywhere">{session.name}</p>
      <p className="text-sm text-muted">{role}</p>
      {session.kind === 'demo' && (
        <p className="mt-1 text-sm text-pretty text-muted">
          The demo has no sign-in: whoever opens it may do everything.
        </p>
      )}
    </div>
  )
}

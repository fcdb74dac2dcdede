import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus, Trash2, UserCog, Users } from 'lucide-react'
import { useRef, useState } from 'react'
import type { User } from '../../contract/accounts/schemas.ts'
import { apiQuery } from '../api/query.ts'
import { roleNames } from '../people/role-names.ts'
import { useMay, useDisabledReason } from '../session/permission.ts'
import { useSession } from '../session/session-query.ts'
import type { Column } from '../table/data-table.tsx'
import { listAnswer, ListPage } from '../table/list-page.tsx'
import { Button } from '../ui/buttons/button.tsx'
import { Badge } from '../ui/feedback/badge.tsx'
import { EmptyState } from '../ui/feedback/empty-and-error.tsx'
import { FocusReturn } from '../ui/focus/focus-return.ts'
import { lazyDialog } from '../ui/lazy/lazy-dialog.tsx'
import { Menu } from '../ui/overlays/menu.tsx'
import { Ago, Day } from '../ui/text/timestamp.tsx'
import type { OpenDialog } from './user-dialogs.tsx'

const Dialogs = lazyDialog(async () => (await import('./user-dialogs.tsx')).UserDialogs)

const NO_PASSWORD = 'They sign in through the OpenID provider and have no password here.'

/** Everyone who may sign in, for administrators. */
export function UsersPage() {
  const session = useSession()
  const isAllowed = useMay('users.manage')
  const refusal = useDisabledReason()('users.manage', 'see the users')
  const users = useQuery({ ...apiQuery('listUsers', {}), enabled: isAllowed })
  const { dataUpdatedAt } = users
  const [dialog, setDialog] = useState<OpenDialog>()
  const heading = useRef<HTMLHeadingElement>(null)
  const focusReturn = useRef<HTMLElement>(null)
  const add = (
    <Button
      variant="primary"
      icon={<Plus className="size-4" />}
      onPointerEnter={Dialogs.preload}
      onFocus={Dialogs.preload}
      onClick={() => setDialog({ kind: 'add' })}
    >
      Add user
    </Button>
  )

  return (
    <>
      <ListPage
        title="Users"
        lead="Who may sign in to this console, and what they may do."
        things="users"
        answer={listAnswer(users)}
        refusal={refusal}
        heading={heading}
        action={add}
        columns={columnsFor(session?.id, dataUpdatedAt)}
        rowKey={({ id }) => id}
        renderActions={(user) => <Actions user={user} onOpen={setDialog} />}
        empty={
          <EmptyState icon={<Users className="size-5" />} title="No users yet" action={add}>
            Add the people who work with deployments and API keys.
          </EmptyState>
        }
      />
      {dialog && (
        <FocusReturn value={focusReturn}>
          <Dialogs
            dialog={dialog}
            ownId={session?.id}
            onRemoved={() => {
              focusReturn.current = heading.current
            }}
            onClose={() => setDialog(undefined)}
            onLoadError={() => setDialog(undefined)}
          />
        </FocusReturn>
      )}
    </>
  )
}

function columnsFor(
  ownId: string | undefined,
  now: number,
): readonly [Column<User>, ...Column<User>[]] {
  return [
    {
      name: 'Name',
      className: '',
      cell: ({ id, username }) => (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          {username}
          {id === ownId && <Badge>You</Badge>}
        </span>
      ),
    },
    { name: 'Role', className: 'w-[17%]', cell: ({ role }) => roleNames[role] },
    {
      name: 'Sign-in',
      className: 'w-[15%]',
      cell: ({ signIn }) => (signIn === 'password' ? 'Password' : 'OpenID'),
    },
    {
      name: 'Last sign-in',
      className: 'w-[16%]',
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? (
          <span className="text-muted">Never</span>
        ) : (
          <Ago at={lastSignInAt} now={now} />
        ),
    },
    { name: 'Created', className: 'w-[16%]', cell: ({ createdAt }) => <Day at={createdAt} /> },
  ]
}

function Actions({ user, onOpen }: { user: User; onOpen: (dialog: OpenDialog) => void }) {
  return (
    <Menu
      label={`Actions for ${user.username}`}
      items={[
        {
          label: 'Change role',
          icon: <UserCog className="size-3.5" />,
          onSelect: () => onOpen({ kind: 'role', user }),
        },
        {
          label: 'Set new password',
          icon: <KeyRound className="size-3.5" />,
          onSelect: () => onOpen({ kind: 'password', user }),
          disabledReason: user.signIn === 'password' ? undefined : NO_PASSWORD,
        },
        {
          label: 'Remove',
          icon: <Trash2 className="size-3.5" />,
          tone: 'danger',
          onSelect: () => onOpen({ kind: 'remove', user }),
        },
      ]}
    />
  )
}

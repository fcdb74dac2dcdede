import { useQuery } from '@tanstack/react-query'
import { Plus, SquareTerminal, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { AutomationToken } from '../../contract/accounts/schemas.ts'
import { apiQuery } from '../api/query.ts'
import { roleNames } from '../people/role-names.ts'
import { useMay, useDisabledReason } from '../session/permission.ts'
import type { Column } from '../table/data-table.tsx'
import { listAnswer, ListPage } from '../table/list-page.tsx'
import { Button } from '../ui/buttons/button.tsx'
import { EmptyState } from '../ui/feedback/empty-and-error.tsx'
import { FocusReturn } from '../ui/focus/focus-return.ts'
import { lazyDialog } from '../ui/lazy/lazy-dialog.tsx'
import { Menu } from '../ui/overlays/menu.tsx'
import { Ago, Day } from '../ui/text/timestamp.tsx'
import { Expiry } from './expiry-text.tsx'
import { closed, type Flow } from './flow.ts'

const Dialogs = lazyDialog(async () => (await import('./token-dialogs.tsx')).TokenDialogs)

/** The tokens that scripts call the management API with, for administrators. */
export function TokensPage() {
  const isAllowed = useMay('tokens.manage')
  const refusal = useDisabledReason()('tokens.manage', 'see the automation tokens')
  const tokens = useQuery({ ...apiQuery('listTokens', {}), enabled: isAllowed })
  const { data, dataUpdatedAt } = tokens
  const [flow, setFlow] = useState<Flow>(closed)
  const heading = useRef<HTMLHeadingElement>(null)
  const focusReturn = useRef<HTMLElement>(null)
  const isEmpty = data?.items.length === 0

  function follow(next: Flow): void {
    // The first token takes away the empty state, and with it the button it was made with.
    if (next.step === 'created' && isEmpty) focusReturn.current = heading.current
    setFlow(next)
  }

  const create = (
    <Button
      variant="primary"
      icon={<Plus className="size-4" />}
      onPointerEnter={Dialogs.preload}
      onFocus={Dialogs.preload}
      onClick={() => setFlow({ step: 'form' })}
    >
      New token
    </Button>
  )

  return (
    <>
      <ListPage
        title="Automation tokens"
        lead="Scripts, Terraform and CI call the management API with them. A token belongs to this installation, not to a person."
        things="automation tokens"
        answer={listAnswer(tokens)}
        refusal={refusal}
        heading={heading}
        action={create}
        columns={columnsFor(dataUpdatedAt)}
        rowKey={({ id }) => id}
        renderActions={(token) => (
          <Menu
            label={`Actions for ${token.name}`}
            items={[
              {
                label: 'Delete',
                icon: <Trash2 className="size-3.5" />,
                tone: 'danger',
                onSelect: () => setFlow({ step: 'delete', token }),
              },
            ]}
          />
        )}
        empty={
          <EmptyState
            icon={<SquareTerminal className="size-5" />}
            title="No automation tokens yet"
            action={create}
            className="py-20"
          >
            A token lets a script manage deployments and API keys as far as its role goes, without
            anybody’s password.
          </EmptyState>
        }
      />
      {flow.step !== 'closed' && (
        <FocusReturn value={focusReturn}>
          <Dialogs
            flow={flow}
            onFlow={follow}
            onDeleted={() => {
              focusReturn.current = heading.current
            }}
            onLoadError={() => setFlow(closed)}
          />
        </FocusReturn>
      )}
    </>
  )
}

function columnsFor(now: number): readonly [Column<AutomationToken>, ...Column<AutomationToken>[]] {
  return [
    { name: 'Name', className: '', cell: ({ name }) => name },
    { name: 'Role', className: 'w-[13%]', cell: ({ role }) => roleNames[role] },
    { name: 'Created by', className: 'w-[14%]', cell: ({ createdBy }) => createdBy },
    { name: 'Created', className: 'w-[13%]', cell: ({ createdAt }) => <Day at={createdAt} /> },
    {
      name: 'Expires',
      className: 'w-[15%]',
      cell: ({ expiresAt }) => <Expiry at={expiresAt} now={now} />,
    },
    {
      name: 'Last used',
      className: 'w-[13%]',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-muted">Never used</span>
        ) : (
          <Ago at={lastUsedAt} now={now} />
        ),
    },
  ]
}

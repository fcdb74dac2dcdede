import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus, Server } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { useDebouncedText } from '../../form/use-debounced-text.ts'
import { PageHeader } from '../../page/page-header.tsx'
import { PageTitle } from '../../page/page-title.tsx'
import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { EmptyState, ErrorState } from '../../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { SearchInput } from '../../ui/fields/search-input.tsx'
import { FocusReturn } from '../../ui/focus/focus-return.ts'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { formatQuantity } from '../../ui/text/format.ts'
import { AddDeploymentDialog, RemoveDialog, RenameDialog } from '../dialogs/deployment-dialogs.tsx'
import { deploymentsQuery } from '../parts/deployments-query.ts'
import { DeploymentList, DeploymentListSkeleton } from './deployment-list.tsx'
import { findDeployments } from './search-params.ts'

type OpenDialog =
  | { kind: 'closed' }
  | { kind: 'add' }
  | { kind: 'rename'; deployment: Deployment }
  | { kind: 'remove'; deployment: Deployment }

const route = getRouteApi('/deployments')

/** Every deployment, and the way to add one. */
export function DeploymentsPage(): ReactNode {
  const { search: searched = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const [search, setSearch] = useDebouncedText(searched, (text) =>
    navigate({ search: text === '' ? {} : { search: text }, replace: true }),
  )
  const list = useQuery(deploymentsQuery)
  const { data, error, refetch, dataUpdatedAt } = list
  const [dialog, setDialog] = useState<OpenDialog>({ kind: 'closed' })
  const close = () => setDialog({ kind: 'closed' })
  const heading = useRef<HTMLHeadingElement>(null)
  const focusReturn = useRef<HTMLElement>(null)
  const refusal = useDisabledReason()
  const deployments = data?.items
  const shown = deployments && findDeployments(deployments, search)

  const addButton = (
    <Button
      variant="primary"
      icon={<Plus className="size-4" />}
      onPointerEnter={AddDeploymentDialog.preload}
      onFocus={AddDeploymentDialog.preload}
      disabledReason={refusal('deployments.manage', 'add deployments')}
      onClick={() => setDialog({ kind: 'add' })}
    >
      Add deployment
    </Button>
  )

  const hasDeployments = deployments !== undefined && deployments.length > 0

  return (
    <>
      <PageTitle>Deployments</PageTitle>
      <PageHeader
        className="mb-4"
        heading={
          <>
            <h1 ref={heading} tabIndex={-1} className="rounded-xs text-xl outline-offset-4">
              Deployments
            </h1>
            {hasDeployments && (
              <span className="text-muted tabular-nums">
                <span aria-hidden>{deployments.length}</span>
                <span className="sr-only">{formatQuantity(deployments.length, 'deployment')}</span>
              </span>
            )}
          </>
        }
        actions={
          hasDeployments && (
            <div className="flex items-center gap-2.5 max-sm:w-full">
              <SearchInput
                label="Search deployments"
                placeholder="Search deployments"
                value={search}
                onChange={setSearch}
                className="sm:w-60 max-sm:flex-1"
              />
              {addButton}
            </div>
          )
        }
      />

      {error && deployments && (
        <InlineMessage tone="warn" className="mb-4">
          This list isn’t up to date. {error.message}
        </InlineMessage>
      )}
      {!shown && !error && (
        <div aria-busy>
          <span className="sr-only">Loading the deployments</span>
          <DeploymentListSkeleton />
        </div>
      )}
      {!shown && error && (
        <div className="rounded-md border border-line bg-panel">
          <ErrorState
            title="The deployments didn’t load"
            detail={error.message}
            retrying={list.isFetching}
            onRetry={() => void refetch()}
          />
        </div>
      )}
      {deployments?.length === 0 && (
        <div className="rounded-md border border-line bg-panel">
          <EmptyState
            icon={<Server className="size-5" />}
            title="No deployments yet"
            action={addButton}
            className="py-20"
          >
            A deployment is one MQTT service: a broker inside Latchkey, or an EMQX you already run.
            Add one, then make API keys that may call exactly the endpoints they need.
          </EmptyState>
        </div>
      )}
      {shown && shown.length > 0 && (
        <DeploymentList
          deployments={shown}
          now={dataUpdatedAt}
          onRename={(deployment) => setDialog({ kind: 'rename', deployment })}
          onRemove={(deployment) => setDialog({ kind: 'remove', deployment })}
        />
      )}
      {shown?.length === 0 && deployments && deployments.length > 0 && (
        <div className="rounded-md border border-line bg-panel">
          <EmptyState
            title="No deployment matches"
            action={<Button onClick={() => setSearch('')}>Clear search</Button>}
          >
            None of the {formatQuantity(deployments.length, 'deployment')} has “{search.trim()}” in
            its name, plan, status or region.
          </EmptyState>
        </div>
      )}

      {dialog.kind === 'add' && (
        <AddDeploymentDialog
          onClose={close}
          onLoadError={close}
          onAdded={({ id, name }) => {
            showToast('ok', `${name} is added.`)
            void navigate({ to: '/deployments/$deploymentId', params: { deploymentId: id } })
          }}
        />
      )}
      {dialog.kind === 'rename' && (
        <RenameDialog deployment={dialog.deployment} onClose={close} onLoadError={close} />
      )}
      {dialog.kind === 'remove' && (
        <FocusReturn value={focusReturn}>
          <RemoveDialog
            deployment={dialog.deployment}
            onClose={close}
            onLoadError={close}
            onRemoved={() => {
              focusReturn.current = heading.current
              close()
            }}
          />
        </FocusReturn>
      )}
    </>
  )
}

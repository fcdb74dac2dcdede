import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { Breadcrumb, Crumb } from '../../page/breadcrumb.tsx'
import { PageHeader } from '../../page/page-header.tsx'
import { useDisabledReason } from '../../session/permission.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { CopyButton } from '../../ui/buttons/copy-button.tsx'
import { cx } from '../../ui/text/cx.ts'
import { formatMoment } from '../../ui/text/format.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import type { KeyDialog } from '../data/key-dialog.ts'
import { AccessCell, CreatedText, LastUsedText, NoteText, StatusText } from '../parts/cells.tsx'
import { OldSecretLine } from '../parts/old-secret-line.tsx'
import { QuickAction, RowActions } from '../parts/row-actions.tsx'

/** The top of a key's page: breadcrumb, App ID, note, actions and facts. */
export function KeyHeader({
  deployment,
  apiKey,
  catalog,
  now,
  onDialog,
}: {
  deployment: Deployment
  apiKey: ApiKey
  catalog: CatalogView | undefined
  /** When the key was loaded, in milliseconds since 1970. */
  now: number
  onDialog: (dialog: KeyDialog) => void
}) {
  const { appId, oldSecret } = apiKey
  const configurable = planRules(deployment).keysAreConfigurable
  return (
    <PageHeader
      breadcrumb={<KeyBreadcrumb deployment={deployment} appId={appId} />}
      heading={
        <>
          <h1 className="font-mono text-xl wrap-anywhere">{appId}</h1>
          <CopyButton value={appId} label={`Copy App ID ${appId}`} />
          <StatusText apiKey={apiKey} now={now} />
        </>
      }
      actions={
        <div className="flex items-center gap-2">
          <QuickAction apiKey={apiKey} fix={undefined} onDialog={onDialog} />
          {configurable && <EditButton apiKey={apiKey} onDialog={onDialog} />}
          <RowActions
            deploymentId={deployment.id}
            apiKey={apiKey}
            configurable={configurable}
            onDialog={onDialog}
          />
        </div>
      }
    >
      {configurable && (
        <p className="mt-0.5 max-w-3xl text-pretty wrap-anywhere">
          <NoteText apiKey={apiKey} />
        </p>
      )}
      {oldSecret && (
        <p className="mt-2">
          <OldSecretLine apiKey={apiKey} oldSecret={oldSecret} now={now} onDialog={onDialog} />
        </p>
      )}
      <Facts apiKey={apiKey} catalog={catalog} now={now} />
    </PageHeader>
  )
}

/** Links from a key's page up to its deployment and to the list of deployments. */
export function KeyBreadcrumb({
  deployment: { id, name },
  appId,
}: {
  deployment: { id: string; name: string }
  appId: string
}) {
  return (
    <Breadcrumb current={appId}>
      <Crumb>
        <Link to="/deployments">Deployments</Link>
      </Crumb>
      <Crumb className="min-w-0 truncate">
        <Link to="/deployments/$deploymentId" params={{ deploymentId: id }}>
          {name}
        </Link>
      </Crumb>
    </Breadcrumb>
  )
}

function EditButton({
  apiKey,
  onDialog,
}: {
  apiKey: ApiKey
  onDialog: (dialog: KeyDialog) => void
}) {
  const refusal = useDisabledReason()
  return (
    <Button
      icon={<Pencil className="size-3.5" />}
      disabledReason={refusal('apiKeys.annotate', 'edit API keys')}
      onClick={() => onDialog({ kind: 'form', purpose: { kind: 'edit', apiKey } })}
    >
      Edit
    </Button>
  )
}

function Facts({
  apiKey,
  catalog,
  now,
}: {
  apiKey: ApiKey
  catalog: CatalogView | undefined
  now: number
}) {
  const { expiresAt, allowedAddresses } = apiKey
  return (
    <div className="mt-4 overflow-hidden rounded-md border border-line bg-panel">
      <dl className="-mt-px -ml-px flex flex-wrap">
        <Fact name="Access" wide>
          <AccessCell apiKey={apiKey} catalog={catalog} />
        </Fact>
        <Fact name="Last used">
          <LastUsedText apiKey={apiKey} now={now} />
        </Fact>
        <Fact name="Created">
          <CreatedText apiKey={apiKey} />
        </Fact>
        <Fact name="Expires">{expiresAt === null ? 'Never' : formatMoment(expiresAt)}</Fact>
        <Fact name="Allowed from" wide={allowedAddresses.length > 1}>
          {allowedAddresses.length === 0 ? (
            'Any address'
          ) : (
            <ul className="flex flex-wrap gap-x-3 font-mono text-sm/5">
              {allowedAddresses.map((block) => (
                <li key={block} className="wrap-anywhere">
                  {block}
                </li>
              ))}
            </ul>
          )}
        </Fact>
      </dl>
    </div>
  )
}

// Cells grow to fill their line, so that no width leaves a gap.
function Fact({
  name,
  wide = false,
  children,
}: {
  name: string
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div
      className={cx(
        'min-w-0 border-t border-l border-line-soft px-4 py-2.5',
        wide ? 'flex-[1.4_1_14rem]' : 'flex-[1_1_9rem]',
      )}
    >
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="mt-0.5 min-h-5 tabular-nums">{children}</dd>
    </div>
  )
}

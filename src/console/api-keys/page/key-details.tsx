import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { PageTitle } from '../../page/page-title.tsx'
import { noDialog, type KeyDialog } from '../data/key-dialog.ts'
import type { UsageDays } from '../data/key-page-search.ts'
import { useCatalog } from '../data/use-catalog.ts'
import { LazyKeyDialogs } from '../dialogs/lazy-key-dialogs.tsx'
import { AccessView } from '../parts/access-view.tsx'
import { KeyHeader } from './key-header.tsx'
import { RefusedCallsSection } from './refused-calls/refused-calls.tsx'
import { Section } from './section.tsx'
import { AccessTester } from './tester/access-tester.tsx'
import { UsageSection } from './usage/usage-section.tsx'

/** The content of a key's page: facts, usage, refused calls, access tester and access. */
export function KeyDetails({
  deployment,
  apiKey,
  now,
  days,
}: {
  deployment: Deployment
  apiKey: ApiKey
  /** When the key was loaded, in milliseconds since 1970. */
  now: number
  days: UsageDays
}) {
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<KeyDialog>(noDialog)
  const focusReturn = useRef<HTMLElement>(null)
  const catalogState = useCatalog(deployment.id)
  const { catalog } = catalogState

  function addPermission(operation: OperationId): void {
    setDialog({ kind: 'form', purpose: { kind: 'edit', apiKey, preset: [operation] } })
  }

  function changeLimits(): void {
    setDialog(
      planRules(deployment).keysAreConfigurable
        ? { kind: 'form', purpose: { kind: 'edit', apiKey } }
        : { kind: 'limits', apiKey },
    )
  }

  return (
    <>
      <PageTitle>{`${apiKey.appId} of ${deployment.name}`}</PageTitle>
      <KeyHeader
        deployment={deployment}
        apiKey={apiKey}
        catalog={catalog}
        now={now}
        onDialog={setDialog}
      />
      <UsageSection deploymentId={deployment.id} apiKey={apiKey} days={days} />
      <div className="grid items-start gap-x-4 lg:grid-cols-2">
        <RefusedCallsSection
          deploymentId={deployment.id}
          apiKey={apiKey}
          catalog={catalog}
          onAdd={addPermission}
          onLimits={changeLimits}
        />
        <AccessTester
          deployment={deployment}
          apiKey={apiKey}
          catalog={catalog}
          onAdd={(operation, origin) => {
            // Once it is granted, the button that added it is gone.
            focusReturn.current = origin
            addPermission(operation)
          }}
        />
      </div>
      <Section title="Access">
        <div className="px-4 py-3">
          <AccessView deployment={deployment} apiKey={apiKey} catalog={catalog} />
        </div>
      </Section>
      <LazyKeyDialogs
        deployment={deployment}
        catalog={catalogState}
        dialog={dialog}
        focusReturn={focusReturn}
        onDialog={setDialog}
        onDeleted={() =>
          void navigate({
            to: '/deployments/$deploymentId',
            params: { deploymentId: deployment.id },
          })
        }
      />
    </>
  )
}

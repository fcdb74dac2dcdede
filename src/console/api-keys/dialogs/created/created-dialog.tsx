import { planRules } from '../../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { SecretDialog } from '../../../secrets/secret-dialog.tsx'
import type { Snippet } from '../../../secrets/snippet-tabs.tsx'
import { showToast } from '../../../ui/overlays/toast-store.ts'
import { formatZonedTime } from '../../../ui/text/zoned-time.ts'
import type { CatalogOperation, CatalogView } from '../../data/catalog-view.ts'
import { KeyTest } from './key-test.tsx'
import { planTest, pickSampleOperation } from './sample-operation.ts'
import {
  authorizationHeader,
  credentialLines,
  curlCommand,
  envFile,
  jsonFile,
  type Credentials,
} from './snippets.ts'

/** Shows an App Secret, the only time: that of a new key, or the new one of a rotated key. */
export function CreatedDialog({
  deployment,
  catalog,
  apiKey,
  appSecret,
  rotated = false,
  onClose,
}: {
  deployment: Deployment
  catalog: CatalogView | undefined
  apiKey: ApiKey
  appSecret: string
  rotated?: boolean
  onClose: () => void
}) {
  const { appId, note, access } = apiKey
  const credentials = { appId, appSecret, apiBaseUrl: deployment.apiBaseUrl }
  const plan = catalog && planTest(access, catalog)

  return (
    <SecretDialog
      title={rotated ? 'Secret Rotated' : 'API Key Created'}
      subtitle={[note, deployment.name, planRules(deployment).label].filter(Boolean).join(' · ')}
      warning={
        rotated ? rotatedText(apiKey) : 'Copy the App Secret now. It is shown only this once.'
      }
      credentials={[
        { label: 'App ID', value: appId },
        { label: 'App Secret', value: appSecret, isSecret: true },
      ]}
      lines={credentialLines(credentials)}
      linesText={
        <>
          Copies two lines, <code className="font-mono">APP_ID=…</code> and{' '}
          <code className="font-mono">APP_SECRET=…</code>
        </>
      }
      snippets={buildSnippets(credentials, catalog && pickSampleOperation(access, catalog))}
      onCopied={() => showToast('ok', `App ID and App Secret of ${appId} copied.`)}
      onClose={onClose}
    >
      {plan && apiKey.status === 'active' && <KeyTest plan={plan} credentials={credentials} />}
    </SecretDialog>
  )
}

function rotatedText({ oldSecret }: ApiKey): string {
  const old = oldSecret
    ? `The old one is refused from ${formatZonedTime(oldSecret.endsAt)} on.`
    : 'The old one is refused already.'
  return `Copy the new App Secret now. It is shown only this once. ${old}`
}

function buildSnippets(credentials: Credentials, sample: CatalogOperation | undefined): Snippet[] {
  const { appId } = credentials
  return [
    ...(sample ? [{ name: 'curl', text: curlCommand(credentials, sample) }] : []),
    { name: 'Header', text: authorizationHeader(credentials) },
    {
      name: '.env',
      text: envFile(credentials).trimEnd(),
      file: { name: `${appId}.env`, type: 'text/plain' },
    },
    {
      name: 'JSON',
      text: jsonFile(credentials).trimEnd(),
      file: { name: `${appId}.json`, type: 'application/json' },
    },
  ]
}

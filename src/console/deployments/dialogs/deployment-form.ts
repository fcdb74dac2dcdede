import type { Plan, Version } from '../../../contract/deployments/plans.ts'
import type { DeploymentInput } from '../../../contract/deployments/schemas.ts'

/** What the Add deployment form holds; every field stays filled while choices change. */
export type DeploymentForm = {
  name: string
  plan: Plan
  version: Version
  region: string
  backend: { kind: 'embedded' | 'emqx'; url: string; keyId: string; keySecret: string }
}

export const emptyDeploymentForm: DeploymentForm = {
  name: '',
  plan: 'dedicated',
  version: 'v5',
  region: '',
  backend: { kind: 'embedded', url: '', keyId: '', keySecret: '' },
}

/** The request for what the form holds: only what the chosen plan and backend have. */
export function toDeploymentInput({
  name,
  plan,
  version,
  region,
  backend: { kind, url, keyId, keySecret },
}: DeploymentForm): DeploymentInput {
  return {
    name: name.trim(),
    plan,
    version: plan === 'dedicated' ? version : 'v5',
    ...(region.trim() !== '' && { region: region.trim() }),
    backend:
      kind === 'embedded'
        ? { kind }
        : { kind, url: url.trim().replace(/\/+$/, ''), keyId: keyId.trim(), keySecret },
  }
}

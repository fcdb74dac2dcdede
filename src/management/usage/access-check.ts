import { decide, type Access } from '../../contract/access/access.ts'
import { compileRouter, type Router } from '../../contract/access/router.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import type { AccessCheck, AccessCheckInput } from '../../contract/usage/schemas.ts'
import { findDeployment } from '../deployments/deployments.ts'
import { findApiKey } from '../keys/api-key-view.ts'
import type { ManagementPorts } from '../ports.ts'

/**
 * What the gateway would decide about a call, by the same rules: whether its path can be read,
 * whether there is such an operation, and whether the key has it. Nothing is called.
 */
export async function checkAccess(
  { store }: Pick<ManagementPorts, 'store'>,
  { deploymentId, appId }: { deploymentId: string; appId: string },
  call: AccessCheckInput,
): Promise<AccessCheck> {
  const router = compileRouter(catalogOf(await findDeployment(store, deploymentId)))
  const { access } = await findApiKey(store, deploymentId, appId)
  return accessCheckOf(router, access, call)
}

export function accessCheckOf(
  router: Router,
  access: Access,
  { method, path }: AccessCheckInput,
): AccessCheck {
  const queryAt = path.indexOf('?')
  const rawPath = queryAt === -1 ? path : path.slice(0, queryAt)
  // Clients leave a fragment out; the gateway refuses one that comes along.
  if (queryAt !== -1 && path.includes('#', queryAt)) {
    return { outcome: 'malformedPath', problem: 'fragment' }
  }
  if (rawPath === '') return { outcome: 'unknownOperation' }
  const decision = decide(router, access, method, rawPath)
  if (!('operation' in decision)) return decision
  const { id, category } = decision.operation
  return { outcome: decision.outcome, operation: id, category }
}

import { decide, type Access } from '../../contract/access/access.ts'
import { compileRouter, type Router } from '../../contract/access/router.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import type { AccessCheck, AccessCheckInput } from '../../contract/usage/schemas.ts'
import { findDeployment } from '../deployments/deployments.ts'
import { findApiKey } from '../keys/api-key-view.ts'
import type { ManagementPorts } from '../ports.ts'

/**
 * Decides a call by the gateway's rules without making it: whether its path can be parsed, is one
 * of an operation, and whether the key grants that operation. Throws a 404 for an unknown key.
 */
export async function checkAccess(
  { store }: Pick<ManagementPorts, 'store'>,
  { deploymentId, appId }: { deploymentId: string; appId: string },
  call: AccessCheckInput,
): Promise<AccessCheck> {
  const router = compileRouter(catalogOf(await findDeployment(store, deploymentId)))
  const { access } = await findApiKey(store, deploymentId, appId)
  return decideAccess(router, access, call)
}

/** The same for a compiled catalog and a key's access. */
export function decideAccess(
  router: Router,
  access: Access,
  { method, path }: AccessCheckInput,
): AccessCheck {
  const queryAt = path.indexOf('?')
  const rawPath = queryAt === -1 ? path : path.slice(0, queryAt)
  // The gateway refuses fragments, which clients don't send.
  if (queryAt !== -1 && path.includes('#', queryAt)) {
    return { outcome: 'malformedPath', problem: 'fragment' }
  }
  if (rawPath === '') return { outcome: 'unknownOperation' }
  const decision = decide(router, access, method, rawPath)
  if (!('operation' in decision)) return decision
  const { id, category } = decision.operation
  return { outcome: decision.outcome, operation: id, category }
}

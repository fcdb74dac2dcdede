import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import { parseTarget } from '../../gateway/target.ts'

/** Whether the management API answers at this path. */
export function isManagementPath(path: string): boolean {
  return (
    ['/healthz', '/readyz', MANAGEMENT_BASE].includes(path) ||
    path.startsWith(`${MANAGEMENT_BASE}/`)
  )
}

/** Whether a server would answer this path by its management API or gateway. */
export function isServerPath(path: string): boolean {
  return isManagementPath(path) || parseTarget(path) !== undefined
}

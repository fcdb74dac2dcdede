import type { Operation } from '../catalog/operation.ts'

// Key management, users and sign-in of EMQX's REST API: v5 calls them api_key, users, login,
// logout and sso, v4 calls them apps, users and auth. A backup (data) carries users and keys out
// and in, and so does the configuration where it is read or loaded as a whole, or for the
// dashboard, which holds the sign-in settings.
const FAMILIES = [
  '/api_key',
  '/apps',
  '/users',
  '/login',
  '/logout',
  '/sso',
  '/auth',
  '/data',
  '/configs/dashboard',
  '/configs_reset',
]
const WHOLE_CONFIGURATION = '/configs'

/**
 * Whether an operation is blocked for every deployment key, whatever its access. Defence in depth:
 * no plan's catalog contains one.
 */
export function isBlockedOperation({ path }: Pick<Operation, 'path'>): boolean {
  return (
    path === WHOLE_CONFIGURATION ||
    FAMILIES.some((family) => path === family || path.startsWith(`${family}/`))
  )
}

import { leastRoles, may, type Permission, type Role } from '../../contract/accounts/roles.ts'
import { useSession } from './session-query.ts'

const allowed: Record<Role, string> = {
  viewer: 'Only people who are signed in',
  operator: 'Only operators and administrators',
  administrator: 'Only administrators',
}

/**
 * Returns a function that says why the user's role doesn't allow something, or undefined if it
 * does, for the `disabledReason` of a button: `reason('apiKeys.manage', 'create API keys')`.
 */
export function useDisabledReason(): (permission: Permission, what: string) => string | undefined {
  const role = useSession()?.role
  return (permission, what) =>
    role && may(role, permission) ? undefined : `${allowed[leastRoles[permission]]} may ${what}.`
}

/** Whether the user's role has a permission. */
export function useMay(permission: Permission): boolean {
  const role = useSession()?.role
  return role !== undefined && may(role, permission)
}

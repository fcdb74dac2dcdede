import { leastRoles, may, type Permission, type Role } from '../../contract/accounts/roles.ts'
import { useSession } from './session-query.ts'

const allowed: Record<Role, string> = {
  viewer: 'Only people who are signed in',
  operator: 'Only operators and administrators',
  administrator: 'Only administrators',
}

/**
 * Says why the one who is signed in can't do something, or undefined where they can:
 * `refusal('apiKeys.manage', 'create API keys')`. Goes to `disabledReason` of what does it.
 */
export function useRefusal(): (permission: Permission, what: string) => string | undefined {
  const role = useSession()?.role
  return (permission, what) =>
    role && may(role, permission) ? undefined : `${allowed[leastRoles[permission]]} may ${what}.`
}

/** Whether the one who is signed in may do something. */
export function useMay(permission: Permission): boolean {
  const role = useSession()?.role
  return role !== undefined && may(role, permission)
}

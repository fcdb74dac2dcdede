/** The roles of people and automation tokens, from the least privileged to the most. */
export const roles = ['viewer', 'operator', 'administrator'] as const
export type Role = (typeof roles)[number]

/**
 * Access control by role: the least role that has each permission. The management API enforces this
 * table, and the console disables controls by it, so that the two can't differ.
 */
export const leastRoles = {
  'deployments.view': 'viewer',
  'deployments.manage': 'administrator',
  'apiKeys.view': 'viewer',
  'apiKeys.annotate': 'operator',
  'apiKeys.pause': 'operator',
  'apiKeys.rotate': 'operator',
  'apiKeys.manage': 'administrator',
  'activity.view': 'viewer',
  'users.manage': 'administrator',
  'tokens.manage': 'administrator',
} as const satisfies Record<string, Role>

export type Permission = keyof typeof leastRoles

/** Whether a role has a permission. */
export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRoles[permission])
}

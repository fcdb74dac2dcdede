/** What people and automation tokens may be, from the least to the most. */
export const roles = ['viewer', 'operator', 'administrator'] as const
export type Role = (typeof roles)[number]

/**
 * The least role of each thing that can be done. The management API enforces this table and
 * the console shows by it what is out of reach, so the two can't differ.
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

/** Whether a role may do this. */
export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRoles[permission])
}

import type { Permission } from './accounts/roles.ts'
import { accountRoutes } from './accounts/routes.ts'
import { activityRoutes } from './activity/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import { deploymentRoutes } from './deployments/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { usageRoutes } from './usage/routes.ts'

/**
 * What a route requires of its caller: nothing, to be known (as a person or an automation token),
 * to be signed in as a person, a permission, or the Basic credentials of a deployment key.
 */
export type Requirement = 'nothing' | 'anyone' | 'person' | 'deploymentKey' | Permission

/**
 * Every route of the management API by its name. Paths are templates below `MANAGEMENT_BASE`. The
 * console imports this for its types alone: it gets {@link routeAddresses} from its build.
 */
export const routes = {
  ...accountRoutes,
  ...activityRoutes,
  ...catalogRoutes,
  ...deploymentRoutes,
  ...keyRoutes,
  ...usageRoutes,
} as const satisfies Record<string, { requires: Requirement }>

export type RouteName = keyof typeof routes

/** Method and path of each route: what a client needs at run time, without the schemas. */
export const routeAddresses = Object.fromEntries(
  Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }]),
)

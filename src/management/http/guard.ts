import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { leastRoles, may, type Permission } from '../../contract/accounts/roles.ts'
import { Problem } from '../../contract/http/problem.ts'
import { completeRoute } from '../../contract/http/route.ts'
import { KEY_CHALLENGE } from '../../contract/keys/key-identity.ts'
import { routes, type Requirement, type RouteName } from '../../contract/routes.ts'
import { authenticate, type AuthenticatedRequest } from '../accounts/authenticate.ts'
import { buildActivityEntry } from '../activity/activity-entry.ts'
import { keyProblem, type DeploymentKey } from '../keys/self.ts'
import type { ManagementPorts, Principal } from '../ports.ts'
import { problemResponse } from './problem-responses.ts'

/** Largest body the management API reads, in bytes. */
export const BODY_MAX = 256 * 1024

/** What Hono's context carries of a request once its sender is authenticated. */
export type ManagementEnv = {
  Variables: { authenticated?: AuthenticatedRequest; deploymentKey?: DeploymentKey }
}

/** Authenticates and authorizes requests before the handlers of their routes. */
export type Guard = {
  /** A route with all middleware that comes before its handler. Every route is added by this. */
  on: <Name extends RouteName>(name: Name) => GuardedRoute<Name>
  /** For a part of what a route does: throws a 403, and records it, if the role isn't enough. */
  demand: (
    context: Context<ManagementEnv>,
    name: RouteName,
    permission: Permission,
  ) => Promise<void>
}

type GuardedRoute<Name extends RouteName> = Omit<(typeof routes)[Name], 'requires'> & {
  middleware: MiddlewareHandler<ManagementEnv>[]
  security: Record<string, string[]>[]
  description: string
}

const JSON_TYPE = /^application\/(?:[a-z.-]+\+)?json(?:\s*;|$)/i

/** The sender and session of a request to a route that requires them. */
export function getAuthenticated(context: Context<ManagementEnv>): AuthenticatedRequest {
  const authenticated = context.get('authenticated')
  if (!authenticated) throw new Error('the route requires no authentication')
  return authenticated
}

/** The sender of a request to a route that requires one. */
export function getPrincipal(context: Context<ManagementEnv>): Principal {
  return getAuthenticated(context).principal
}

/** The deployment key of a request to a route that requires one. */
export function getDeploymentKey(context: Context<ManagementEnv>): DeploymentKey {
  const key = context.get('deploymentKey')
  if (!key) throw new Error('the route requires no deployment key')
  return key
}

/** Guards each route by what it requires, before anything of a request is parsed. */
export function createGuard(ports: ManagementPorts): Guard {
  const requireSender: MiddlewareHandler<ManagementEnv> = async (context, next) => {
    const authenticated = await authenticate(ports, context.req.raw)
    if (!authenticated) throw new Problem(401, 'Sign in to go on.')
    context.set('authenticated', authenticated)
    await next()
    // A handler that starts or ends a session sets its own cookies.
    if (context.res.headers.has('set-cookie')) return
    for (const cookie of authenticated.cookies)
      context.header('set-cookie', cookie, { append: true })
  }

  const requireKey: MiddlewareHandler<ManagementEnv> = async (context, next) => {
    const identity = await ports.identifyKey(context.req.raw)
    if (identity.outcome !== 'known') {
      return problemResponse(keyProblem(identity), KEY_CHALLENGE)
    }
    const { deploymentId, appId } = identity
    context.set('deploymentKey', { deploymentId, appId })
    return next()
  }

  const recordDenial = createDenialRecorder(ports)

  const demand: Guard['demand'] = async (context, name, permission) => {
    const principal = getPrincipal(context)
    if (may(principal.actor.role, permission)) return
    await recordDenial(principal, name, context.req.param('deploymentId'))
    throw deniedProblem(permission)
  }

  function authorize(name: RouteName, requirement: Requirement): MiddlewareHandler<ManagementEnv> {
    return async (context, next) => {
      if (requirement === 'person' && getPrincipal(context).actor.kind === 'token') {
        throw new Problem(403, 'A token has no session. Only people who are signed in may do this.')
      }
      if (isPermission(requirement)) await demand(context, name, requirement)
      await next()
    }
  }

  function checksFor(
    name: RouteName,
    requirement: Requirement,
  ): MiddlewareHandler<ManagementEnv>[] {
    if (requirement === 'nothing') return []
    if (requirement === 'deploymentKey') return [requireKey]
    return [requireSender, authorize(name, requirement)]
  }

  return {
    on(name) {
      const { requires, ...route } = routes[name]
      return {
        ...completeRoute(route),
        middleware: [...checksFor(name, requires), limitBody, requireJson],
        security: securitySchemes(requires),
        description: describeRequirement(name, requires),
      }
    },
    demand,
  }
}

function isPermission(requirement: Requirement): requirement is Permission {
  return Object.hasOwn(leastRoles, requirement)
}

const limitBody = bodyLimit({
  maxSize: BODY_MAX,
  onError: () => {
    throw new Problem(413, 'The body is over 256 KiB. Send a smaller one.')
  },
})

const requireJson: MiddlewareHandler = async (context, next) => {
  const type = context.req.header('content-type') ?? ''
  if (['POST', 'PUT', 'PATCH'].includes(context.req.method) && !JSON_TYPE.test(type)) {
    throw new Problem(415, 'Send the body as JSON, with Content-Type: application/json.')
  }
  await next()
}

function deniedProblem(permission: Permission): Problem {
  const who =
    leastRoles[permission] === 'administrator' ? 'administrators' : 'operators and administrators'
  return new Problem(403, `Only ${who} may do this. Ask one of them.`)
}

/**
 * Records denials by role in the audit log, once a minute for each caller, route and deployment:
 * repeated requests with the least role must not fill the disk.
 */
function createDenialRecorder({ store, now }: ManagementPorts) {
  const recorded = new Set<string>()
  let minute = 0

  return async (
    principal: Principal,
    route: RouteName,
    deploymentId: string | undefined,
  ): Promise<void> => {
    const { method, path } = routes[route]
    const deployment =
      deploymentId === undefined ? undefined : await store.deployments.get(deploymentId)
    const at = now()
    const minuteNow = Math.floor(at.getTime() / 60_000)
    if (minuteNow !== minute) recorded.clear()
    minute = minuteNow
    const what = [principal.actor.id, route, deployment?.id].join(' ')
    if (recorded.has(what)) return
    recorded.add(what)
    // The template of the path: the path itself is whatever the caller wrote.
    const subject = { kind: 'request' as const, id: null, name: `${method.toUpperCase()} ${path}` }
    const entry = buildActivityEntry(principal, at, {
      action: 'request.refuse',
      subject,
      deployment,
    })
    try {
      await store.activity.add(entry)
    } catch (error) {
      recorded.delete(what)
      throw error
    }
  }
}

function securitySchemes(requirement: Requirement): Record<string, string[]>[] {
  if (requirement === 'nothing') return []
  if (requirement === 'person') return [{ session: [] }]
  if (requirement === 'deploymentKey') return [{ deploymentKey: [] }]
  const roles = isPermission(requirement) ? [leastRoles[requirement]] : []
  return [{ session: roles }, { token: roles }]
}

function describeRequirement(name: RouteName, requirement: Requirement): string {
  if (requirement === 'nothing') return 'Open to anyone.'
  if (requirement === 'anyone') return 'For anyone who is signed in, and every automation token.'
  if (requirement === 'person') return 'For people who are signed in.'
  if (requirement === 'deploymentKey') return 'For deployment API keys, by HTTP Basic.'
  const needed = `Needs the role ${leastRoles[requirement]} or one above it.`
  if (name !== 'updateApiKey') return needed
  return `${needed} A change of access, expiry or allowed addresses needs the role ${leastRoles['apiKeys.manage']}.`
}

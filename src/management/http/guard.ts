import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { leastRoles, may, type Permission } from '../../contract/accounts/roles.ts'
import { Problem } from '../../contract/http/problem.ts'
import { completeRoute } from '../../contract/http/route.ts'
import { routes, type Requirement, type RouteName } from '../../contract/routes.ts'
import { identify, type KnownCaller } from '../accounts/authenticate.ts'
import { entryBy } from '../activity/activity-entry.ts'
import { keyRefusal, type KnownKey } from '../keys/self.ts'
import type { Caller, ManagementPorts } from '../ports.ts'

/** Largest body the management API reads, in bytes. */
export const BODY_MAX = 256 * 1024

/** What a request carries through the management API once it is known who sent it. */
export type ManagementEnv = {
  Variables: { known?: KnownCaller; knownKey?: KnownKey }
}

/** What comes before a route's own handler, and turns away who may not. */
export type Guard = {
  /** A route's specification with all that comes before its handler; there is no way past it. */
  on: <Name extends RouteName>(name: Name) => GuardedRoute<Name>
  /** Refuses a caller whose role isn't enough for a part of what a route does. */
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

/** The caller of a route that asks for one. */
export function knownCaller(context: Context<ManagementEnv>): KnownCaller {
  const known = context.get('known')
  if (!known) throw new Error('a route that asks nothing of its caller has none')
  return known
}

export function callerOf(context: Context<ManagementEnv>): Caller {
  return knownCaller(context).caller
}

/** The deployment key of a route that asks for one. */
export function keyOf(context: Context<ManagementEnv>): KnownKey {
  const known = context.get('knownKey')
  if (!known) throw new Error('a route that asks for no deployment key has none')
  return known
}

/** Guards the routes by the table of requirements, before anything of a request is parsed. */
export function createGuard(ports: ManagementPorts): Guard {
  const authenticate: MiddlewareHandler<ManagementEnv> = async (context, next) => {
    const known = await identify(ports, context.req.raw)
    if (!known) throw new Problem(401, 'Sign in to go on.')
    context.set('known', known)
    await next()
    // Where the handler sets or ends a session, its cookies are the ones that count.
    if (context.res.headers.has('set-cookie')) return
    for (const cookie of known.cookies) context.header('set-cookie', cookie, { append: true })
  }

  const authenticateKey: MiddlewareHandler<ManagementEnv> = async (context, next) => {
    const identity = await ports.identifyKey(context.req.raw)
    if (identity.outcome !== 'known') return keyRefusal(identity)
    const { deploymentId, appId } = identity
    context.set('knownKey', { deploymentId, appId })
    return next()
  }

  const recordRefusal = createRefusalRecord(ports)

  const demand: Guard['demand'] = async (context, name, permission) => {
    const { caller } = knownCaller(context)
    if (may(caller.actor.role, permission)) return
    await recordRefusal(caller, name, context.req.param('deploymentId'))
    throw refusalOf(permission)
  }

  function authorize(name: RouteName, requirement: Requirement): MiddlewareHandler<ManagementEnv> {
    return async (context, next) => {
      if (requirement === 'person' && callerOf(context).actor.kind === 'token') {
        throw new Problem(403, 'A token has no session. Only people who are signed in may do this.')
      }
      if (isPermission(requirement)) await demand(context, name, requirement)
      await next()
    }
  }

  function whoFor(name: RouteName, requirement: Requirement): MiddlewareHandler<ManagementEnv>[] {
    if (requirement === 'nothing') return []
    if (requirement === 'deploymentKey') return [authenticateKey]
    return [authenticate, authorize(name, requirement)]
  }

  return {
    on(name) {
      const { requires, ...route } = routes[name]
      return {
        ...completeRoute(route),
        middleware: [...whoFor(name, requires), limitBody, requireJson],
        security: securityOf(requires),
        description: descriptionOf(name, requires),
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

function refusalOf(permission: Permission): Problem {
  const who =
    leastRoles[permission] === 'administrator' ? 'administrators' : 'operators and administrators'
  return new Problem(403, `Only ${who} may do this. Ask one of them.`)
}

/**
 * Records refusals by role: of one caller, route and deployment once a minute. The least role
 * must not be able to fill Activity, and so the disk, by asking over and over.
 */
function createRefusalRecord({ store, now }: ManagementPorts) {
  const recorded = new Set<string>()
  let minute = 0

  return async (
    caller: Caller,
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
    const what = [caller.actor.id, route, deployment?.id].join(' ')
    if (recorded.has(what)) return
    recorded.add(what)
    // The template of the path: the path itself is whatever the caller wrote.
    const subject = { kind: 'request' as const, id: null, name: `${method.toUpperCase()} ${path}` }
    const entry = entryBy(caller, at, { action: 'request.refuse', subject, deployment })
    try {
      await store.activity.add(entry)
    } catch (error) {
      recorded.delete(what)
      throw error
    }
  }
}

function securityOf(requirement: Requirement): Record<string, string[]>[] {
  if (requirement === 'nothing') return []
  if (requirement === 'person') return [{ session: [] }]
  if (requirement === 'deploymentKey') return [{ deploymentKey: [] }]
  const roles = isPermission(requirement) ? [leastRoles[requirement]] : []
  return [{ session: roles }, { token: roles }]
}

function descriptionOf(name: RouteName, requirement: Requirement): string {
  if (requirement === 'nothing') return 'Open to anyone.'
  if (requirement === 'anyone') return 'For anyone who is signed in, and every automation token.'
  if (requirement === 'person') return 'For people who are signed in.'
  if (requirement === 'deploymentKey') return 'For deployment API keys, by HTTP Basic.'
  const needed = `Needs the role ${leastRoles[requirement]} or one above it.`
  if (name !== 'updateApiKey') return needed
  return `${needed} A change of access, expiry or allowed addresses needs the role ${leastRoles['apiKeys.manage']}.`
}

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { formatEtag, requireIfMatch, parseIfMatch } from '../http/etag.ts'
import { getPrincipal, getAuthenticated, type Guard, type ManagementEnv } from '../http/guard.ts'
import type { ManagementPorts } from '../ports.ts'
import { createToken, deleteToken, listTokens } from './tokens.ts'
import { createUser, deleteUser, getUser, listUsers, updateUser } from './users.ts'

function setCookies(context: Context<ManagementEnv>, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true })
}

/** Adds the handlers of sign-in and sessions. */
export function addSessionRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  { signIn, addressOf }: ManagementPorts,
): void {
  api.openapi(on('getSignInOptions'), (context) => context.json(signIn.options(), 200))
  api.openapi(on('createSession'), async (context) => {
    const { raw } = context.req
    const address = addressOf(raw)
    const open = await signIn.signIn(raw, context.req.valid('json'), address)
    setCookies(context, open.cookies)
    return context.json({ ...open.session, address }, 201)
  })
  api.openapi(on('getSession'), (context) => context.json(getAuthenticated(context).session, 200))
  api.openapi(on('deleteSession'), async (context) => {
    setCookies(context, await signIn.signOut(context.req.raw, getPrincipal(context)))
    return context.body(null, 204)
  })
  api.openapi(on('deleteSessions'), async (context) => {
    setCookies(context, await signIn.signOutEverywhere(context.req.raw, getPrincipal(context)))
    return context.body(null, 204)
  })
  api.openapi(on('changePassword'), async (context) => {
    const change = context.req.valid('json')
    setCookies(context, await signIn.changePassword(context.req.raw, change, getPrincipal(context)))
    return context.body(null, 204)
  })
  api.openapi(on('startOpenId'), (context) => signIn.startOpenId(context.req.raw))
  api.openapi(on('finishOpenId'), (context) => {
    return signIn.finishOpenId(context.req.raw, addressOf(context.req.raw))
  })
}

/** Adds the handlers of users. */
export function addUserRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
  api.openapi(on('listUsers'), async (context) => {
    return context.json({ items: await listUsers(ports), nextCursor: null }, 200)
  })
  api.openapi(on('createUser'), async (context) => {
    const user = await createUser(ports, getPrincipal(context), context.req.valid('json'))
    context.header('etag', formatEtag(user.version))
    context.header('location', `${new URL(context.req.url).pathname}/${user.id}`)
    return context.json(user, 201)
  })
  api.openapi(on('getUser'), async (context) => {
    const user = await getUser(ports, context.req.valid('param').userId)
    context.header('etag', formatEtag(user.version))
    return context.json(user, 200)
  })
  api.openapi(on('updateUser'), async (context) => {
    const version = requireIfMatch(context.req.valid('header')['if-match'])
    const target = { id: context.req.valid('param').userId, version }
    const user = await updateUser(ports, getPrincipal(context), target, context.req.valid('json'))
    context.header('etag', formatEtag(user.version))
    return context.json(user, 200)
  })
  api.openapi(on('deleteUser'), async (context) => {
    const version = parseIfMatch(context.req.valid('header')['if-match'])
    const target = { id: context.req.valid('param').userId, version }
    await deleteUser(ports, getPrincipal(context), target)
    return context.body(null, 204)
  })
}

/** Adds the handlers of automation tokens. */
export function addTokenRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
  api.openapi(on('listTokens'), async (context) => {
    return context.json({ items: await listTokens(ports), nextCursor: null }, 200)
  })
  api.openapi(on('createToken'), async (context) => {
    const created = await createToken(ports, getPrincipal(context), context.req.valid('json'))
    return context.json(created, 201)
  })
  api.openapi(on('deleteToken'), async (context) => {
    await deleteToken(ports, getPrincipal(context), context.req.valid('param').tokenId)
    return context.body(null, 204)
  })
}

import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { signInOptionsSchema } from '../../src/contract/accounts/schemas.ts'
import { activityPageSchema } from '../../src/contract/activity/schemas.ts'
import { TestBrowser } from '../harness/browser.ts'
import { CLIENT_ID, startTestProvider } from '../harness/openid/openid-provider.ts'
import {
  CALLBACK,
  ORIGIN,
  SESSION_COOKIE,
  START,
  startOpenIdWorld,
  startServerFor,
  type OpenIdWorld,
} from '../harness/openid/openid-world.ts'
import { ADMIN_PASSWORD } from '../harness/test-server.ts'

const names: Record<string, string> = { 'odd|sub': 'Grace Hopper ☃', taken: 'admin' }

let world: OpenIdWorld

beforeEach(async () => {
  world = await startOpenIdWorld((login) =>
    names[login] === undefined ? {} : { preferred_username: names[login] },
  )
})
afterEach(() => world.stop())

async function entries() {
  const listed = await world.server.api('GET', '/activity?limit=200')
  return activityPageSchema
    .parse(await listed.json())
    .items.filter(({ actor }) => actor.kind !== 'token' && actor.name !== 'admin')
    .map(({ action, actor, subject, changes }) => [
      action,
      `${actor.kind} ${actor.name}`,
      subject.name,
      changes.map(({ field, after }) => `${field} ${String(after)}`).join(),
    ])
    .toReversed()
}

test('offers the provider under its name', async () => {
  const answer = await fetch(`${world.server.url}/api/v1/session/options`)
  expect(signInOptionsSchema.parse(await answer.json())).toEqual({
    password: true,
    openId: { name: 'Plant login' },
  })
})

test('lets a new user in as a viewer, and the same one again', async () => {
  const browser = world.newBrowser()
  expect(await world.signIn('grace', browser)).toBe(`${ORIGIN}/`)
  const session = await world.sessionOf(browser)
  expect(session).toMatchObject({ kind: 'user', name: 'grace', role: 'viewer', hasPassword: false })
  expect([...browser.cookies(ORIGIN).keys()]).toEqual([SESSION_COOKIE])
  const again = world.newBrowser()
  expect(await world.signIn('grace', again)).toBe(`${ORIGIN}/`)
  expect(await world.sessionOf(again)).toMatchObject({
    id: z.object({ id: z.string() }).parse(session).id,
  })
  expect((await world.users()).map(({ username, signIn }) => [username, signIn])).toEqual([
    ['admin', 'password'],
    ['grace', 'openId'],
  ])
  const signedIn = ['session.signIn', 'user grace', 'grace', 'method openId']
  expect(await entries()).toEqual([
    ['user.create', 'latchkey Latchkey', 'admin', 'role administrator,signIn password'],
    ['user.create', 'latchkey Latchkey', 'grace', 'role viewer,signIn openId'],
    signedIn,
    signedIn,
  ])
})

test('asks for a code with PKCE, a state and a nonce, and for nothing but who it is', async () => {
  const answer = await world.newBrowser().fetch(START)
  expect(answer.status).toBe(302)
  const asked = new URL(answer.headers.get('location') ?? '')
  expect(asked.origin).toBe(world.provider.issuer)
  const {
    state = '',
    nonce = '',
    code_challenge: challenge = '',
    ...others
  } = Object.fromEntries(asked.searchParams)
  expect([state, nonce, challenge].map((text) => text.length >= 32)).toEqual([true, true, true])
  expect(others).toEqual({
    client_id: CLIENT_ID,
    code_challenge_method: 'S256',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile',
  })
  const [cookie = '', ...more] = answer.headers.getSetCookie()
  expect(more).toEqual([])
  expect(cookie).toMatch(/^__Host-latchkey-state=/)
  expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
})

test('over TLS the session is bound to this host', async () => {
  const browser = world.newBrowser()
  const answer = await browser.fetch(await world.upToCallback(browser, 'grace'))
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(SESSION_COOKIE)) ?? ''
  expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  expect(cookie).not.toMatch(/domain/i)
})

test('a role given here is kept at the next sign-in, and a removed user is a new viewer', async () => {
  await world.signIn('grace')
  const [, grace] = await world.users()
  const ifMatch = { 'if-match': '"1"' }
  await world.server.api('PATCH', `/users/${grace?.id}`, { role: 'operator' }, ifMatch)
  const browser = world.newBrowser()
  await world.signIn('grace', browser)
  expect(await world.sessionOf(browser)).toMatchObject({ role: 'operator' })
  await world.server.api('DELETE', `/users/${grace?.id}`)
  expect(await world.sessionOf(browser)).toBe(401)
  await world.signIn('grace', browser)
  expect(await world.sessionOf(browser)).toMatchObject({ role: 'viewer' })
})

test('a name of another form is fitted; one that is taken opens nobody’s account', async () => {
  const browser = world.newBrowser()
  await world.signIn('odd|sub', browser)
  expect(await world.sessionOf(browser)).toMatchObject({ name: 'grace-hopper--' })
  const other = world.newBrowser()
  expect(await world.signIn('taken', other)).toBe(`${ORIGIN}/sign-in?error=nameTaken`)
  expect(await world.sessionOf(other)).toBe(401)
  expect((await world.users()).map(({ username }) => username)).toEqual(['admin', 'grace-hopper--'])
})

test('who has no password here can neither use nor change one', async () => {
  const browser = world.newBrowser()
  await world.signIn('grace', browser)
  const cookie = `${SESSION_COOKIE}=${browser.cookies(ORIGIN).get(SESSION_COOKIE)?.value}`
  const json = { currentPassword: '', newPassword: 'a longer staple' }
  const headers = { cookie, origin: ORIGIN }
  const changed = await world.server.api('PUT', '/session/password', json, headers)
  expect([changed.status, await changed.text()]).toEqual([
    422,
    expect.stringContaining('You sign in through Plant login and have no password here.'),
  ])
  expect(await world.sessionOf(browser)).toMatchObject({ name: 'grace' })
})

test('who says no at the provider is not signed in', async () => {
  const browser = world.newBrowser()
  const state = new URL((await world.locationOf(browser, START)) ?? '').searchParams.get('state')
  const answer = `${CALLBACK}?error=access_denied&state=${state}&error_description=%3Cb%3Eno`
  expect(await world.locationOf(browser, answer)).toBe(`${ORIGIN}/sign-in?error=refused`)
})

test('a provider that gives no answer keeps nobody from signing in otherwise', async () => {
  const silent: Server = createServer(() => {})
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(silent.address())
  const server = await startServerFor(`http://127.0.0.1:${port}`)
  const asked = new TestBrowser({ [ORIGIN]: server.url }).fetch(START)
  const json = { username: 'admin', password: ADMIN_PASSWORD }
  expect((await server.api('POST', '/session', json, { authorization: 'none' })).status).toBe(201)
  expect((await asked).headers.get('location')).toBe(`${ORIGIN}/sign-in?error=unavailable`)
  await server.stop()
  silent.close()
})

test('a provider that was down is asked again at the next try', async () => {
  const { provider, server } = world
  await provider.stop()
  expect(await world.locationOf(world.newBrowser(), START)).toBe(
    `${ORIGIN}/sign-in?error=unavailable`,
  )
  expect(server.lines.join('')).toContain('fetch failed')
  const again = await startTestProvider(ORIGIN, undefined, Number(new URL(provider.issuer).port))
  expect(await world.signIn('grace')).toBe(`${ORIGIN}/`)
  await again.stop()
})

test('without its entry in Activity there is neither a user nor a session', async () => {
  const browser = world.newBrowser()
  const callback = await world.upToCallback(browser, 'grace')
  const database = new DatabaseSync(join(world.server.dataDir, 'latchkey.db'))
  const fail = (action: string) =>
    database.exec(
      `create trigger full before insert on activity when new.action = '${action}' begin select raise(abort, 'disk full'); end`,
    )
  fail('user.create')
  expect(await world.locationOf(browser, callback)).toBe(`${ORIGIN}/sign-in?error=failed`)
  expect((await world.users()).map(({ username }) => username)).toEqual(['admin'])
  database.exec('drop trigger full')
  fail('session.signIn')
  await world.signIn('grace', browser)
  expect(await world.sessionOf(browser)).toBe(401)
  database.exec('drop trigger full')
  database.close()
  await world.signIn('grace', browser)
  expect(await world.sessionOf(browser)).toMatchObject({ name: 'grace' })
})

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sessionSchema, userListSchema } from '../../src/contract/accounts/schemas.ts'
import { activityPageSchema, type ActivityEntry } from '../../src/contract/activity/schemas.ts'
import {
  ADMIN_PASSWORD,
  sessionCookieOf,
  startTestServer,
  USER_PASSWORD,
  type TestServer,
  type TestSession,
} from '../harness/test-server.ts'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.stop())

const signIn = (username: string, password: string, headers = {}) =>
  server.api('POST', '/session', { username, password }, { authorization: 'none', ...headers })

/** Whether a session is good, by what its next request gets. */
async function isIn({ headers }: Pick<TestSession, 'headers'>): Promise<boolean> {
  const { status } = await server.api('GET', '/session', undefined, headers)
  expect([200, 401]).toContain(status)
  return status === 200
}

async function activity(): Promise<ActivityEntry[]> {
  const listed = await server.api('GET', '/activity?limit=200')
  return activityPageSchema.parse(await listed.json()).items
}

/** The entries of an action, newest first: who, about whom and how. */
async function entries(action: ActivityEntry['action']) {
  const all = await activity()
  return all
    .filter((entry) => entry.action === action)
    .map(({ actor, subject, address, changes }) => [
      `${actor.kind} ${actor.name}`,
      subject.name,
      address,
      changes.map(({ field, before, after }) => [field, before, after].join(' ')).join(),
    ])
}

/** Runs a statement on the server's store, as if time had passed. */
function inStore(statement: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(join(server.dataDir, 'latchkey.db'))
  database.prepare(statement).run(...values)
  database.close()
}

const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

test('signs in, stays in, signs out', async () => {
  const signedIn = await signIn('admin', ADMIN_PASSWORD)
  expect(signedIn.status).toBe(201)
  const session = sessionSchema.parse(await signedIn.json())
  expect(session).toMatchObject({ kind: 'user', name: 'admin', role: 'administrator' })
  const idle = Date.parse(session.expiresAt ?? '') - Date.now()
  expect(Math.round(idle / 60_000)).toBe(12 * 60)
  const [setCookie = '', ...more] = signedIn.headers.getSetCookie()
  expect(more).toEqual([])
  expect(setCookie.replace(/=[^;]+/, '=…')).toBe(
    'latchkey-session=…; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict',
  )

  const cookie = sessionCookieOf(signedIn) ?? ''
  const headers = { cookie, origin: server.url }
  const asked = await server.api('GET', '/session', undefined, headers)
  expect(sessionSchema.parse(await asked.json())).toEqual(session)
  expect(asked.headers.getSetCookie()).toEqual([])
  expect(await entries('session.signIn')).toContainEqual([
    'user admin',
    'admin',
    '127.0.0.1',
    'method  password',
  ])

  const out = await server.api('DELETE', '/session', undefined, headers)
  expect([out.status, out.headers.getSetCookie()]).toEqual([
    204,
    ['latchkey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict'],
  ])
  expect(await isIn({ headers })).toBe(false)
  expect(await entries('session.signOut')).toEqual([['user admin', 'admin', '127.0.0.1', '']])
})

test('the name is the same in capitals', async () => {
  expect((await signIn('Admin', ADMIN_PASSWORD)).status).toBe(201)
})

test('a session that is used is kept alive, one that is not ends after half a day', async () => {
  const session = await server.signIn()
  inStore('update sessions set expires_at = ?', hoursFromNow(11.5))
  const asked = await server.api('GET', '/session', undefined, session.headers)
  const { expiresAt } = sessionSchema.parse(await asked.json())
  expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.parse(hoursFromNow(11.9)))
  expect(sessionCookieOf(asked)).toBe(session.cookie)
  inStore('update sessions set expires_at = ?', hoursFromNow(-0.01))
  expect(await isIn(session)).toBe(false)
})

test('no session lives longer than a week, however much it is used', async () => {
  const session = await server.signIn()
  inStore('update sessions set created_at = ?', hoursFromNow(-7 * 24 + 1))
  const asked = await server.api('GET', '/session', undefined, session.headers)
  const { expiresAt } = sessionSchema.parse(await asked.json())
  expect(Date.parse(expiresAt ?? '')).toBeLessThan(Date.parse(hoursFromNow(1.1)))
  inStore('update sessions set created_at = ?', hoursFromNow(-7 * 24 - 0.01))
  expect(await isIn(session)).toBe(false)
})

test('signing in again ends the session that was there, with a token of its own', async () => {
  const first = await server.signIn()
  const again = await signIn('admin', ADMIN_PASSWORD, first.headers)
  const cookie = sessionCookieOf(again) ?? ''
  expect(cookie).not.toBe(first.cookie)
  expect(await isIn(first)).toBe(false)
  expect(await isIn({ headers: { cookie } })).toBe(true)
})

test('signs out everywhere, but nobody else', async () => {
  const [one, other] = [await server.signIn(), await server.signIn()]
  const viewer = await server.signInAs('viewer')
  const out = await server.api('DELETE', '/sessions', undefined, one.headers)
  expect(out.status).toBe(204)
  expect([await isIn(one), await isIn(other), await isIn(viewer)]).toEqual([false, false, true])
  expect(await entries('session.signOutEverywhere')).toHaveLength(1)
})

test('changing the password ends every other session and goes on in a new one', async () => {
  const [mine, other] = [await server.signInAs('viewer'), await server.signIn()]
  const json = { currentPassword: USER_PASSWORD, newPassword: 'a longer staple' }
  const changed = await server.api('PUT', '/session/password', json, mine.headers)
  expect(changed.status).toBe(204)
  const cookie = sessionCookieOf(changed) ?? ''
  expect(await isIn({ headers: { cookie } })).toBe(true)
  expect([await isIn(mine), await isIn(other)]).toEqual([false, true])
  const name = mine.username
  expect(await entries('user.changePassword')).toEqual([
    [`user ${name}`, name, '127.0.0.1', 'password  changed'],
  ])
  expect((await signIn(name, USER_PASSWORD)).status).toBe(401)
  expect((await signIn(name, 'a longer staple')).status).toBe(201)
})

test('a password is changed by who knows the present one', async () => {
  const session = await server.signIn()
  const change = (json: unknown) => server.api('PUT', '/session/password', json, session.headers)
  const wrong = await change({ currentPassword: 'not this one', newPassword: 'a longer staple' })
  expect(wrong.status).toBe(422)
  expect(await wrong.json()).toMatchObject({ errors: [{ field: 'currentPassword' }] })
  const short = await change({ currentPassword: ADMIN_PASSWORD, newPassword: 'short' })
  expect(await short.json()).toMatchObject({ errors: [{ field: 'newPassword' }] })
  expect(await isIn(session)).toBe(true)
  expect((await signIn('admin', ADMIN_PASSWORD)).status).toBe(201)
  expect(await entries('session.refuse')).toEqual([
    ['user admin', 'admin', '127.0.0.1', 'method  passwordChange'],
  ])
  const statuses = []
  for (let tries = 0; tries < 6; tries += 1) {
    const again = { currentPassword: 'not this one', newPassword: 'a longer staple' }
    statuses.push((await change(again)).status)
  }
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
})

test('a user who is removed, or given another password, is out with the next request', async () => {
  const [removed, reset] = [await server.signInAs('operator'), await server.signInAs('viewer')]
  const { items } = userListSchema.parse(await (await server.api('GET', '/users')).json())
  const idOf = (role: string) => items.find((user) => user.role === role)?.id ?? ''
  await server.api('DELETE', `/users/${idOf('operator')}`, undefined, { 'if-match': '"1"' })
  const password = { password: 'given by another' }
  await server.api('PATCH', `/users/${idOf('viewer')}`, password, { 'if-match': '"1"' })
  expect([await isIn(removed), await isIn(reset)]).toEqual([false, false])
})

test('a role that is taken away is gone with the next request', async () => {
  const session = await server.signInAs('administrator')
  const asked = await server.api('GET', '/session', undefined, session.headers)
  const { id } = sessionSchema.parse(await asked.json())
  const list = () => server.api('GET', '/users', undefined, session.headers)
  expect((await list()).status).toBe(200)
  await server.api('PATCH', `/users/${id}`, { role: 'viewer' }, { 'if-match': '"1"' })
  expect((await list()).status).toBe(403)
})

test('all refusals of credentials are one answer, and name nobody who does not exist', async () => {
  await server.signInAs('viewer')
  const { items } = userListSchema.parse(await (await server.api('GET', '/users')).json())
  const viewer = items.find(({ role }) => role === 'viewer')?.username ?? ''
  inStore(
    "update accounts set provider_id = 'openid', password = null where user_id = ?",
    items.find(({ role }) => role === 'viewer')?.id ?? '',
  )
  const answers: unknown[] = []
  for (const [username, password] of [
    ['admin', 'wrong wrong wrong'],
    ['nobody-here', 'wrong wrong wrong'],
    [viewer, USER_PASSWORD],
    ['Not a name! ☃', 'wrong wrong wrong'],
    ['admin', ''],
    ['', ''],
    ['admin', 'x'.repeat(500)],
    ['hunter2 typed into the wrong field', ''],
  ] as const) {
    const answer = await signIn(username, password)
    const headers = Object.fromEntries(answer.headers)
    const { date: _date, 'x-request-id': _id, ...others } = headers
    answers.push({ status: answer.status, others, body: await answer.text() })
  }
  expect(answers[0]).toMatchObject({ status: 401 })
  expect(answers.filter((answer) => JSON.stringify(answer) !== JSON.stringify(answers[0]))).toEqual(
    [],
  )
  const subjects = (await entries('session.refuse')).map(([actor, subject]) => [actor, subject])
  const unknown = ['nobody nobody', 'unknown user']
  expect(subjects.toReversed()).toEqual([
    ['nobody nobody', 'admin'],
    unknown,
    ['nobody nobody', viewer],
    unknown,
    ['nobody nobody', 'admin'],
    unknown,
    ['nobody nobody', 'admin'],
    unknown,
  ])
  expect(JSON.stringify(await activity())).not.toContain('hunter2')
})

test('guessing is slowed down; it fills no log of activity and keeps out nobody elsewhere', async () => {
  await server.stop()
  server = await startTestServer({ environment: { TRUSTED_PROXIES: '127.0.0.1' } })
  const at = { 'x-forwarded-for': '198.51.100.7' }
  const guesses = Array.from({ length: 30 }, () => signIn('admin', 'wrong wrong wrong', at))
  const answers = await Promise.all(guesses)
  const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other)
  expect(statuses).toEqual([401, 401, 401, 401, 401, ...Array<number>(25).fill(429)])
  const slowed = answers.find(({ status }) => status === 429)
  expect(slowed?.headers.get('retry-after')).toBe('1')
  expect(await slowed?.json()).toMatchObject({
    detail: 'Too many tries. Wait 1 second, then try again.',
  })
  // Not even the right password gets in before the time.
  const elsewhere = await signIn('admin', ADMIN_PASSWORD, { 'x-forwarded-for': '198.51.100.8' })
  expect(elsewhere.status).toBe(201)
  const refused = await entries('session.refuse')
  expect(refused.map(([, , address]) => address)).toEqual(Array(5).fill('198.51.100.7'))
})

test('no more is done for a session than a cookie asks for that was signed here', async () => {
  const { cookie } = await server.signIn()
  const [name = '', value = ''] = cookie.split('=')
  const [token = ''] = decodeURIComponent(value).split('.')
  for (const forged of [
    '',
    token,
    `${value.slice(0, 4)}${value[4] === 'x' ? 'y' : 'x'}${value.slice(5)}`,
    `${value.slice(0, -8)}AAAA%3D`,
    'x'.repeat(4000),
  ]) {
    const headers = { cookie: `${name}=${forged}` }
    expect(await isIn({ headers })).toBe(false)
  }
  expect(await isIn({ headers: { cookie: `theme=dark; ${cookie}` } })).toBe(true)
})

test('a foreign page can change nothing by a session; its own pages and scripts can', async () => {
  const { cookie } = await server.signIn()
  const change = (headers: Record<string, string>) =>
    server.api('POST', '/tokens', { name: 't', role: 'viewer', expiresAt: null }, headers)
  expect((await change({ cookie })).status).toBe(201)
  expect((await change({ cookie, origin: 'https://evil.example' })).status).toBe(403)
  expect((await change({ cookie, origin: server.url })).status).toBe(201)
})

test('what the store can’t write did not happen: no sign-in, sign-out or password without its entry', async () => {
  const session = await server.signIn()
  inStore(
    "create trigger full before insert on activity begin select raise(abort, 'disk full'); end",
  )
  const json = { currentPassword: ADMIN_PASSWORD, newPassword: 'a longer staple' }
  const statuses = [
    (await signIn('admin', ADMIN_PASSWORD)).status,
    (await signIn('admin', 'wrong wrong wrong')).status,
    (await server.api('DELETE', '/session', undefined, session.headers)).status,
    (await server.api('DELETE', '/sessions', undefined, session.headers)).status,
    (await server.api('PUT', '/session/password', json, session.headers)).status,
  ]
  expect(statuses).toEqual([500, 500, 500, 500, 500])
  expect(await isIn(session)).toBe(true)
  inStore('drop trigger full')
  expect((await signIn('admin', ADMIN_PASSWORD)).status).toBe(201)
})

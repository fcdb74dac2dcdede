import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { createdTokenSchema } from '../../src/contract/accounts/schemas.ts'
import { activityPageSchema } from '../../src/contract/activity/schemas.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { CLIENT_SECRET } from '../harness/openid/openid-provider.ts'
import {
  ORIGIN,
  SESSION_COOKIE,
  startOpenIdWorld,
  type OpenIdWorld,
} from '../harness/openid/openid-world.ts'
import { ADMIN_PASSWORD, USER_PASSWORD, type TestServer } from '../harness/test-server.ts'

let world: OpenIdWorld
let server: TestServer

/** Every secret that this test makes, types, or sees on the wire. */
const secrets = new Set<string>()
const secret = (text: string): string => {
  secrets.add(text)
  return text
}

/** Takes note of all credentials in requests and answers. */
function watchTheWire(): void {
  const send = globalThis.fetch
  const watched: typeof fetch = async (input, init) => {
    const headers = new Headers(input instanceof Request ? input.headers : init?.headers)
    noteCookies(headers.get('cookie')?.split('; ') ?? [])
    const { searchParams } = new URL(input instanceof Request ? input.url : String(input))
    for (const name of ['code', 'state', 'nonce', 'code_challenge'])
      noteLong(searchParams.get(name))
    const [, credential] = headers.get('authorization')?.split(' ') ?? []
    noteLong(credential)
    const answer = await send(input, init)
    noteCookies(answer.headers.getSetCookie())
    return answer
  }
  vi.stubGlobal('fetch', watched)
}

function noteCookies(cookies: string[]): void {
  for (const cookie of cookies) {
    const value = /=([^;]*)/.exec(cookie)?.[1] ?? ''
    // As it was sent, without its signature, and both as they are meant.
    const meant = decodeURIComponent(value)
    for (const form of [value, meant, meant.split('.')[0]]) noteLong(form)
  }
}

function noteLong(text: string | null | undefined): void {
  if (text && text.length > 16) secrets.add(text)
}

beforeAll(async () => {
  world = await startOpenIdWorld()
  ;({ server } = world)
  watchTheWire()
  for (const known of [ADMIN_PASSWORD, USER_PASSWORD, CLIENT_SECRET]) secret(known)
  await liveAWholeLife()
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await world.stop()
})

async function signInsAndPasswords(): Promise<void> {
  const signIn = (username: string, password: string) =>
    server.api('POST', '/session', { username, password }, { authorization: 'none' })
  await signIn('admin', secret('a wrong guess 1'))
  await signIn('nobody-there', secret('a wrong guess 2'))
  await signIn(secret('typed-into-the-name'), '')
  for (let guess = 0; guess < 8; guess += 1) await signIn('slow', secret(`guess number ${guess}`))
  const viewer = await server.signInAs('viewer')
  const change = (currentPassword: string, newPassword: string) =>
    server.api('PUT', '/session/password', { currentPassword, newPassword }, viewer.headers)
  await change(secret('not my password'), secret('never becomes one'))
  expect((await change(USER_PASSWORD, secret('my next password'))).status).toBe(204)
  const other = await server.signIn(viewer.username, 'my next password')
  await server.api('DELETE', '/session', undefined, other.headers)
  const admin = await server.signIn()
  const users = await world.users()
  const id = users.find(({ username }) => username === viewer.username)?.id
  const reset = await server.api(
    'PATCH',
    `/users/${id}`,
    { password: secret('given by admin') },
    {
      ...admin.headers,
      'if-match': '"1"',
    },
  )
  expect(reset.status).toBe(200)
  await server.api('POST', '/users', { username: 'x', role: 'viewer', password: secret('short!') })
  await server.api('DELETE', '/sessions', undefined, admin.headers)
  const query = `/activity?search=${secret('typed-into-the-search')}`
  await server.api('GET', query)
}

async function keysAndTokens(): Promise<void> {
  const upstream = secret('upstream-s3cret')
  secret(basicAuthorization('upstream', upstream).slice('Basic '.length))
  const emqx = await startFakeEmqx((_, response) =>
    answerJson(response, [{ node_status: 'running' }]),
  )
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  await server.api('POST', '/deployments', {
    name: 'refused',
    plan: 'dedicated',
    version: 'v5',
    backend: {
      kind: 'emqx',
      url: 'http://127.0.0.1:9',
      keyId: 'k',
      keySecret: secret('refused-s3cret'),
    },
  })
  const key = await server.createKey(id, { note: 'a note to find', access: { mode: 'full' } })
  secret(key.appSecret)
  const call = async (authorization: string) => {
    const query = `token=${secret('query-s3cret')}`
    const answer = await fetch(`${server.url}/${id}/api/v5/clients?${query}`, {
      headers: { authorization },
    })
    return answer.status
  }
  expect(await call(key.authorization)).toBe(200)
  expect(await call(basicAuthorization(key.appId, secret('lks_wrong-secret-of-a-key')))).toBe(401)
  expect(await call(basicAuthorization(secret('secret-as-an-app-id'), 'x'))).toBe(401)
  await server.api(
    'PATCH',
    `/deployments/${id}/api-keys/${key.appId}`,
    { disabled: true },
    { 'if-match': '"1"' },
  )
  expect(await call(key.authorization)).toBe(401)
  await emqx.close()
  const made = await server.api('POST', '/tokens', {
    name: 'ci',
    role: 'operator',
    expiresAt: null,
  })
  const created = createdTokenSchema.parse(await made.json())
  const authorization = `Bearer ${secret(created.secret)}`
  expect((await server.api('GET', '/users', undefined, { authorization })).status).toBe(403)
  await server.api('DELETE', `/tokens/${created.token.id}`)
  expect((await server.api('GET', '/session', undefined, { authorization })).status).toBe(401)
  expect((await server.api('DELETE', `/deployments/${id}`)).status).toBe(204)
}

async function openIdAndFailures(): Promise<void> {
  const browser = world.newBrowser()
  expect(await world.signIn('grace', browser)).toBe(`${ORIGIN}/`)
  world.provider.tamper(({ id_token: _id, ...tokens }) => tokens)
  await world.signIn('ada')
  world.provider.tamper((tokens) => tokens)
  const callback = await world.upToCallback(world.newBrowser(), 'mallory')
  await world.newBrowser().fetch(callback)
  for (const token of world.provider.tokens) secret(token)
  const cookie = `${SESSION_COOKIE}=${browser.cookies(ORIGIN).get(SESSION_COOKIE)?.value}`

  // What fails behind an answer is logged with what failed.
  const database = new DatabaseSync(join(server.dataDir, 'latchkey.db'))
  database.exec(
    "create trigger full before insert on activity begin select raise(abort, 'disk full'); end",
  )
  const headers = { cookie, origin: ORIGIN }
  expect((await server.api('DELETE', '/session', undefined, headers)).status).toBe(500)
  const added = { username: 'unlucky', role: 'viewer', password: secret('of an unlucky user') }
  expect((await server.api('POST', '/users', added)).status).toBe(500)
  const token = { name: 'unlucky', role: 'viewer', expiresAt: null }
  expect((await server.api('POST', '/tokens', token)).status).toBe(500)
  await world.signIn('unlucky')
  database.exec('drop trigger full')
  database.close()
  for (const token of world.provider.tokens) secret(token)
}

async function liveAWholeLife(): Promise<void> {
  await signInsAndPasswords()
  await keysAndTokens()
  await openIdAndFailures()
  secret(await server.token())
}

/** The secrets that a text holds: named by their beginning alone, so that no log gets them here. */
function secretsIn(text: string): string[] {
  return [...secrets].filter((one) => text.includes(one)).map((one) => `${one.slice(0, 6)}…`)
}

test('there were secrets of every kind to look for', () => {
  const all = [...secrets].join('\n')
  expect(secrets.size).toBeGreaterThan(60)
  for (const kind of [/^lks_\w{40}$/m, /^lkt_\w{40}$/m, /^[\w-]+\.[\w-]+\.[\w-]+$/m, /%3D$/m]) {
    expect(all).toMatch(kind)
  }
})

test('the logs hold none, though they tell of all', () => {
  const logged = [...server.lines, ...server.printed].join('')
  for (const told of [
    '"path":"/api/v1/tokens"',
    '"path":"/v5/clients"',
    'disk full',
    'openid/callback',
  ]) {
    expect(logged).toContain(told)
  }
  expect(secretsIn(logged)).toEqual([])
})

test('the files of the store hold none', () => {
  const files = readdirSync(server.dataDir)
  expect(files.toSorted()).toEqual([
    'encryption.key',
    'latchkey.db',
    'latchkey.db-shm',
    'latchkey.db-wal',
    'latchkey.lock',
  ])
  const stored = files.map((name) => readFileSync(join(server.dataDir, name), 'latin1')).join('')
  for (const kept of ['a note to find', 'grace', '$argon2id$']) expect(stored).toContain(kept)
  expect(secretsIn(stored)).toEqual([])
})

test('Activity and its export hold none, and no hash of one', async () => {
  const listed = await (await server.api('GET', '/activity?limit=200')).text()
  const csv = await (await server.api('GET', '/activity.csv')).text()
  const { items } = activityPageSchema.parse(JSON.parse(listed))
  const actions = [
    'session.signIn',
    'session.refuse',
    'session.signOut',
    'session.signOutEverywhere',
  ]
  actions.push('user.changePassword', 'user.update', 'user.create', 'token.create', 'token.delete')
  actions.push('apiKey.create', 'apiKey.update', 'deployment.delete', 'request.refuse')
  expect(actions.filter((action) => !items.some((entry) => entry.action === action))).toEqual([])
  expect(csv.trimEnd().split('\n').length).toBeGreaterThan(actions.length)
  for (const text of [listed, csv]) {
    expect(secretsIn(text)).toEqual([])
    expect(text).not.toMatch(/argon2|[0-9a-f]{64}/)
  }
})

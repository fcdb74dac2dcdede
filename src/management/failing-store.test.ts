import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  failAt,
  signedInAs,
  startInProcess,
  type InProcess,
} from '../../test/harness/in-process.ts'
import { call, type Host } from '../contract-suite/host.ts'
import { createdTokenSchema, userSchema } from '../contract/accounts/schemas.ts'
import { deploymentSchema } from '../contract/deployments/schemas.ts'
import { createdApiKeySchema } from '../contract/keys/schemas.ts'

const tables = ['deployments', 'api_keys', 'users', 'accounts', 'sessions', 'tokens', 'activity']

let inProcess: InProcess
let host: Host
let ids: { deploymentId: string; appId: string; userId: string; tokenId: string }

const ifMatch = { 'if-match': '"1"' }
const embedded = { kind: 'embedded' }

/** Everything in the store, but for when a token was used last. */
async function everything(): Promise<unknown[]> {
  const { database } = inProcess.store
  const rows = tables.map(async (table) => {
    return (await sql`select * from ${sql.table(table)} order by 1`.execute(database)).rows
  })
  return Promise.all(rows)
}

beforeEach(async () => {
  inProcess = await startInProcess()
  host = {
    send: (method, path, sent = {}) =>
      inProcess.send(method, path, {
        ...sent,
        headers: { ...signedInAs('administrator'), ...sent.headers },
      }),
  }
  const deployment = await call(host, 'createDeployment', {
    json: { name: 'Line 3', plan: 'dedicated', backend: embedded },
  })
  const { id: deploymentId } = deploymentSchema.parse(JSON.parse(deployment.text))
  const key = await call(host, 'createApiKey', {
    params: { deploymentId },
    json: { note: 'Scraper', access: { mode: 'list', operations: ['GET /clients'] } },
  })
  const { appId } = createdApiKeySchema.parse(JSON.parse(key.text)).apiKey
  const user = await call(host, 'createUser', {
    json: { username: 'noor', password: 'long enough for this', role: 'viewer' },
  })
  const { id: userId } = userSchema.parse(JSON.parse(user.text))
  const token = await call(host, 'createToken', {
    json: { name: 'Nightly', role: 'viewer', expiresAt: null },
  })
  const { id: tokenId } = createdTokenSchema.parse(JSON.parse(token.text)).token
  await inProcess.store.database
    .insertInto('sessions')
    .values({
      id: 'session',
      user_id: userId,
      token: 'hash',
      method: 'password',
      ip_address: null,
      user_agent: null,
      expires_at: '2999-01-01T00:00:00.000Z',
      created_at: '2026-11-23T12:00:00.000Z',
      updated_at: '2026-11-23T12:00:00.000Z',
    })
    .execute()
  await inProcess.store.database
    .updateTable('api_keys')
    .set({ old_secret_hash: 'hash', old_secret_ends_at: '2999-01-01T00:00:00.000Z' })
    .execute()
  ids = { deploymentId, appId, userId, tokenId }
})

const changes = [
  ['createDeployment', { name: 'Line 4', plan: 'byoc', backend: embedded }],
  ['updateDeployment', { name: 'Line 5' }],
  ['deleteDeployment'],
  ['createApiKey', { access: { mode: 'full' } }],
  ['updateApiKey', { note: 'Other', access: { mode: 'full' }, disabled: true }],
  ['deleteApiKey'],
  ['rotateApiKey', { keepOldSecretFor: 3600 }],
  ['endOldSecret'],
  ['createUser', { username: 'abel', password: 'long enough for this', role: 'viewer' }],
  ['updateUser', { role: 'operator', password: 'another long password' }],
  ['deleteUser'],
  ['createToken', { name: 'Weekly', role: 'viewer', expiresAt: null }],
  ['deleteToken'],
] as const

describe('When the store fails to write what Activity tells,', () => {
  test.each(changes)('%s leaves no change either', async (name, json?: unknown) => {
    const [before, open] = [await everything(), new Set(inProcess.open)]
    await failAt(inProcess.store.database, 'insert', 'activity')
    const sent = { params: ids, headers: ifMatch, ...(json !== undefined && { json }) }
    const answer = await call(host, name, sent)
    expect([answer.status, JSON.parse(answer.text).detail]).toEqual([
      500,
      'Latchkey failed at this. Its log says why.',
    ])
    expect(String(inProcess.errors)).toContain('the store failed')
    expect(await everything()).toEqual(before)
    expect(inProcess.open).toEqual(open)
  })

  test.each(changes)('%s would have made a change otherwise', async (name, json?: unknown) => {
    const before = await everything()
    const sent = { params: ids, headers: ifMatch, ...(json !== undefined && { json }) }
    expect((await call(host, name, sent)).status).toBeLessThan(300)
    const after = await everything()
    const last = tables.length - 1
    expect(after.slice(0, last)).not.toEqual(before.slice(0, last))
    expect(after[last]).not.toEqual(before[last])
  })
})

describe('When the store fails at the change itself,', () => {
  test.each([
    ['deployments', 'insert', 'createDeployment', changes[0][1]],
    ['deployments', 'update', 'updateDeployment', changes[1][1]],
    ['api_keys', 'delete', 'deleteDeployment', undefined],
    ['api_keys', 'insert', 'createApiKey', changes[3][1]],
    ['api_keys', 'update', 'rotateApiKey', changes[6][1]],
    ['api_keys', 'update', 'endOldSecret', undefined],
    ['accounts', 'insert', 'createUser', changes[8][1]],
    ['accounts', 'update', 'updateUser', changes[9][1]],
    ['sessions', 'delete', 'updateUser', changes[9][1]],
    ['accounts', 'delete', 'deleteUser', undefined],
    ['tokens', 'delete', 'deleteToken', undefined],
  ] as const)('in %s by %s, %s leaves nothing in Activity', async (table, what, name, json) => {
    await failAt(inProcess.store.database, what, table)
    const before = await everything()
    const sent = { params: ids, headers: ifMatch, ...(json !== undefined && { json }) }
    expect((await call(host, name, sent)).status).toBe(500)
    expect(await everything()).toEqual(before)
  })
})

test('A deployment whose backend fails to open is neither stored nor recorded', async () => {
  const before = await everything()
  inProcess.failToOpen()
  const [[name, json]] = changes
  expect((await call(host, name, { json })).status).toBe(500)
  expect(await everything()).toEqual(before)
  expect([...inProcess.open]).toEqual([ids.deploymentId])
})

test('A refusal that goes unrecorded still changes nothing', async () => {
  await failAt(inProcess.store.database, 'insert', 'activity')
  const headers = { ...signedInAs('viewer'), ...ifMatch }
  const answer = await call(inProcess, 'deleteApiKey', { params: ids, headers })
  expect(answer.status).toBe(500)
  expect(await inProcess.store.apiKeys.get(ids.deploymentId, ids.appId)).toBeDefined()
})

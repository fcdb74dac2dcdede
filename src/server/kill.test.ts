import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { activityPageSchema } from '../contract/activity-schemas.ts'
import { basicAuthorization } from '../contract/credentials.ts'
import { apiKeySchema, createdApiKeySchema } from '../contract/schemas.ts'
import { usageSchema } from '../contract/usage-schemas.ts'
import { ADMIN_PASSWORD } from './testing.ts'

// How much of the record a crash may cost, in milliseconds.
const LOST_AT_MOST = 10_000
const DEPLOYMENT = '/deployments/plant-telemetry'

type Running = { child: ChildProcess; url: string; cookie: string }

async function start(dataDir: string): Promise<Running> {
  const env = { ...process.env, PORT: '0', MQTT_PORT: '0', DATA_DIR: dataDir, ADMIN_PASSWORD }
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(piece)
    if (printed.includes('Latchkey is ready')) break
  }
  const [, url = ''] = /ready at (\S+)/.exec(printed) ?? []
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
  })
  expect(answer.status).toBe(201)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
  return { child, url, cookie }
}

async function api(
  { url, cookie }: Running,
  method: string,
  path: string,
  json?: unknown,
  version?: number,
): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      cookie,
      origin: url,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function kill({ child }: Running): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function callsOf(server: Running, appId: string): Promise<number> {
  const path = `${DEPLOYMENT}/api-keys/${appId}/usage?days=1`
  const { operations } = usageSchema.parse(await api(server, 'GET', path))
  return operations.reduce((sum, { allowed }) => sum + allowed, 0)
}

test('a crash costs the record ten seconds at most, and no key, permission or activity entry', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-kill-'))
  let server = await start(dataDir)
  try {
    const keys: { appId: string; authorization: string }[] = []
    const create = async () => {
      const json = { note: 'made', access: { mode: 'list', operations: ['GET /clients'] } }
      const made = await api(server, 'POST', `${DEPLOYMENT}/api-keys`, json)
      const { apiKey, appSecret } = createdApiKeySchema.parse(made)
      const key = {
        appId: apiKey.appId,
        authorization: basicAuthorization(apiKey.appId, appSecret),
      }
      keys.push(key)
      return key
    }
    const { appId, authorization } = await create()
    const { url } = server
    let answered = 0
    const call = async () => {
      const { status } = await fetch(`${url}/plant-telemetry/api/v5/clients`, {
        headers: { authorization },
      })
      if (status === 200) answered += 1
    }
    for (let count = 0; count < 100; count += 1) await call()
    const before = answered
    expect(before).toBe(100)
    await expect.poll(() => callsOf(server, appId), { timeout: LOST_AT_MOST }).toBe(before)

    // What is confirmed from here on until the process is gone.
    let version = 1
    const change = async () => {
      for (;;) {
        const operations = ['GET /clients', ...(version % 2 === 1 ? ['GET /rules'] : [])]
        const json = { note: `change ${version}`, access: { mode: 'list', operations } }
        await api(server, 'PATCH', `${DEPLOYMENT}/api-keys/${appId}`, json, version)
        version += 1
      }
    }
    const repeat = async (work: () => Promise<unknown>) => {
      for (;;) await work()
    }
    const enough = Promise.withResolvers<void>()
    const watched = async () => {
      await create()
      if (keys.length > 10 && version > 10) enough.resolve()
    }
    const load = [change(), repeat(watched), repeat(call)].map((one) => one.catch(() => {}))
    await enough.promise
    await kill(server)
    await Promise.all(load)

    server = await start(dataDir)
    const kept = await callsOf(server, appId)
    expect(kept).toBeGreaterThanOrEqual(before)
    // The last one may have been recorded without its answer.
    expect(kept).toBeLessThanOrEqual(answered + 1)
    const path = `${DEPLOYMENT}/api-keys/${appId}`
    const key = apiKeySchema.parse(await api(server, 'GET', path))
    // The one change under way may have been made without its answer; nothing before it is lost.
    expect([version, version + 1]).toContain(key.version)
    expect(key.note).toBe(`change ${key.version - 1}`)
    const granted = key.version % 2 === 0 ? ['GET /clients', 'GET /rules'] : ['GET /clients']
    expect(key.access).toEqual({ mode: 'list', operations: granted })
    for (const made of keys) await api(server, 'GET', `${DEPLOYMENT}/api-keys/${made.appId}`)

    const entries = await activityOf(server)
    const ofKey = entries.filter(({ action, subject }) => {
      return action === 'apiKey.update' && subject.id === appId
    })
    expect(ofKey).toHaveLength(key.version - 1)
    const created = entries.filter(({ action }) => action === 'apiKey.create')
    expect(created.map(({ subject }) => subject.id)).toEqual(
      expect.arrayContaining(keys.map((one) => one.appId)),
    )
  } finally {
    await kill(server)
    rmSync(dataDir, { recursive: true })
  }
}, 60_000)

async function activityOf(server: Running) {
  const entries: ReturnType<typeof activityPageSchema.parse>['items'] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = activityPageSchema.parse(await api(server, 'GET', `/activity?limit=100${query}`))
    entries.push(...page.items)
    cursor = page.nextCursor
  }
  return entries
}

import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { Pool } from 'undici'
import { z } from 'zod'
import { answerJson, startFakeEmqx } from '../../../src/backends/emqx/fake-emqx.ts'
import { deploymentSchema } from '../../../src/contract/deployments/schemas.ts'
import { basicAuthorization } from '../../../src/contract/keys/credentials.ts'
import { apiKeyPageSchema, createdApiKeySchema } from '../../../src/contract/keys/schemas.ts'
import type { Cluster } from './postgres.ts'

/** What came of losing the database again and again under load. */
export type LossFigures = {
  allowed: number
  /** 503s of calls that would have been allowed. */
  unavailable: number
  /** Calls that must never be allowed and weren't, whatever they were answered. */
  kept: number
  /** Changes that were confirmed. */
  changes: number
  /** Milliseconds from when the database answered again to the first allowed call, by loss. */
  resumedAfter: number[]
  /** The longest that a call waited for its 503, in milliseconds. */
  slowest: number
  /** Connections of all servers at the end, with the load still on. */
  connections: number
  /** What must not happen. */
  faults: string[]
}

export type LossOptions = {
  cluster: Cluster
  databaseUrl: string
  /** Where the servers are; they have to trust this machine as a proxy. */
  servers: readonly string[]
  /** The secret of an administrator's token. */
  token: string
  losses: number
  /** Milliseconds that the database is away, and that it is there in between. */
  pause: number
}

const CALLERS = 4

/**
 * Kills the database under load on every server and starts it again, as often as it is told:
 * calls by a good key, by ones that were deleted, disabled and narrowed, and by ones that are
 * made and deleted meanwhile.
 */
export async function loseDatabase(options: LossOptions): Promise<LossFigures> {
  const { cluster, databaseUrl, servers, token, losses, pause } = options
  const emqx = await startFakeEmqx((_, response) =>
    answerJson(response, [{ node_status: 'running' }]),
  )
  const pools = servers.map((url) => new Pool(url, { connections: 50 }))
  const figures: LossFigures = {
    allowed: 0,
    unavailable: 0,
    kept: 0,
    changes: 0,
    resumedAfter: [],
    slowest: 0,
    connections: 0,
    faults: [],
  }
  const load = { lastAllowedAt: 0, isOver: false }
  let turn = 0
  const nextPool = () => {
    const pool = pools[(turn += 1) % pools.length]
    if (!pool) throw new Error('there are no servers')
    return pool
  }

  async function manage(method: string, path: string, json?: unknown) {
    const { statusCode, body } = await nextPool().request({
      method,
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        'if-match': '"1"',
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: json === undefined ? null : JSON.stringify(json),
    })
    const text = await body.text()
    if (statusCode < 300) return text === '' ? undefined : z.json().parse(JSON.parse(text))
    if (statusCode !== 503) figures.faults.push(`${method} ${path}: ${statusCode} ${text}`)
    throw new Unavailable(`${method} ${path}: ${statusCode}`)
  }

  async function call(authorization: string): Promise<number> {
    turn += 1
    const beganAt = performance.now()
    const { statusCode, headers, body } = await nextPool().request({
      method: 'GET',
      path: `/${id}/api/v5/clients`,
      headers: {
        authorization,
        // Each from another client, or the failures would be rate-limited.
        'x-forwarded-for': `10.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`,
      },
    })
    await body.dump()
    if (statusCode === 503) {
      figures.slowest = Math.max(figures.slowest, performance.now() - beganAt)
      if (headers['retry-after'] === undefined) figures.faults.push('a 503 without Retry-After')
    }
    return statusCode
  }

  const newKey = async (keys: string) => {
    const made = createdApiKeySchema.parse(await manage('POST', keys, { access: { mode: 'full' } }))
    const { appId } = made.apiKey
    return { appId, authorization: basicAuthorization(appId, made.appSecret) }
  }
  const backend = { kind: 'emqx', url: emqx.url, keyId: 'upstream', keySecret: 'upstream' }
  const deployment = { name: 'Losses', plan: 'dedicated', backend }
  const { id } = deploymentSchema.parse(await manage('POST', '/deployments', deployment))
  const keys = `/deployments/${id}/api-keys`
  const good = await newKey(keys)
  const deleted = await newKey(keys)
  const disabled = await newKey(keys)
  const narrowed = await newKey(keys)
  await manage('DELETE', `${keys}/${deleted.appId}`)
  await manage('PATCH', `${keys}/${disabled.appId}`, { disabled: true })
  const access = { mode: 'list', operations: ['POST /publish'] }
  await manage('PATCH', `${keys}/${narrowed.appId}`, { access })
  const present = new Set([good.appId, disabled.appId, narrowed.appId])
  const gone = new Set([deleted.appId])

  const repeat = async (work: () => Promise<void>) => {
    while (!load.isOver) {
      await work().catch((error: unknown) => {
        if (!(error instanceof Unavailable)) figures.faults.push(String(error))
      })
    }
  }
  const useGood = async () => {
    const status = await call(good.authorization)
    if (status === 200) {
      figures.allowed += 1
      load.lastAllowedAt = performance.now()
    } else if (status === 503) figures.unavailable += 1
    else figures.faults.push(`the good key was answered ${status}`)
  }
  const tryRefused = async (authorization: string, refusal: number) => {
    const status = await call(authorization)
    figures.kept += 1
    if (status !== refusal && status !== 503) {
      figures.faults.push(`what must be ${refusal} was answered ${status}`)
    }
  }
  const changeKeys = async () => {
    const key = await newKey(keys)
    present.add(key.appId)
    figures.changes += 1
    // Whether it is made is not known until it is confirmed.
    present.delete(key.appId)
    await manage('DELETE', `${keys}/${key.appId}`)
    gone.add(key.appId)
    figures.changes += 1
    await tryRefused(key.authorization, 401)
    present.add((await newKey(keys)).appId)
    figures.changes += 1
  }
  const loads = [
    ...Array.from({ length: CALLERS }, () => repeat(useGood)),
    repeat(() => tryRefused(deleted.authorization, 401)),
    repeat(() => tryRefused(disabled.authorization, 401)),
    repeat(() => tryRefused(narrowed.authorization, 403)),
    repeat(changeKeys),
  ]

  try {
    for (let loss = 0; loss < losses; loss += 1) {
      await delay(pause)
      await cluster.stop('immediate')
      await delay(pause)
      await cluster.start()
      const backAt = performance.now()
      // An answer that is late by more than this doesn't come any more.
      while (load.lastAllowedAt < backAt && performance.now() - backAt < 30_000) await delay(5)
      if (load.lastAllowedAt < backAt) figures.faults.push('calls did not resume')
      figures.resumedAfter.push(Math.round(load.lastAllowedAt - backAt))
    }
    await delay(pause)
    figures.connections = await connectionsTo(databaseUrl)
    load.isOver = true
    await Promise.all(loads)
    const stored = await storedIds()
    for (const appId of present) if (!stored.has(appId)) figures.faults.push('a key is lost')
    for (const appId of gone) if (stored.has(appId)) figures.faults.push('a deleted key is back')
    return figures
  } finally {
    load.isOver = true
    await Promise.all(loads)
    await Promise.all(pools.map((pool) => pool.destroy()))
    await emqx.close()
  }

  async function storedIds(): Promise<Set<string>> {
    const stored = new Set<string>()
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = apiKeyPageSchema.parse(await manage('GET', `${keys}?limit=100${query}`))
      for (const { appId } of page.items) stored.add(appId)
      cursor = page.nextCursor
    }
    return stored
  }
}

/** How many connections Latchkey's servers have to a database. */
export async function connectionsTo(databaseUrl: string): Promise<number> {
  const client = new Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query<{ count: string }>(
    "select count(*) from pg_stat_activity where application_name = 'latchkey'",
  )
  await client.end()
  return Number(rows[0]?.count)
}

class Unavailable extends Error {}

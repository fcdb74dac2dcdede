import { setTimeout as delay } from 'node:timers/promises'
import { activityPageSchema } from '../../src/contract/activity/schemas.ts'
import { deploymentSchema } from '../../src/contract/deployments/schemas.ts'
import { apiKeyPageSchema, type ApiKey } from '../../src/contract/keys/schemas.ts'
import { KeyWriter, type Fate, type WriterApi } from './key-writer.ts'
import { administratorToken, startServerProcess } from './server-process.ts'

/** What came of killing a server again and again under write load. */
export type KillFigures = {
  kills: number
  /** Changes that were confirmed, by what they did. */
  confirmed: Record<'create' | 'change' | 'delete', number>
  /** Changes under way at a kill, by whether all or nothing of them was there afterwards. */
  underWay: Record<Fate, number>
  /** What must not happen. */
  faults: string[]
}

export type KillOptions = {
  /** The settings of a server on the store, which has to be new. */
  environment: Record<string, string>
  kills: number
  /** What is wrong with the store itself, while a server uses it. */
  findDamage: () => Promise<string[]>
  /** Told after each kill, once what is stored was compared, how many there were. */
  onKill?: (kills: number) => void
}

const WRITERS = 8
// From the first confirmed change of a server on, in milliseconds.
const KILLED_WITHIN = 400

/**
 * Has a server change keys as fast as it can, kills it at any moment, starts it again and compares
 * what is stored with what was confirmed, as often as it is told.
 */
export async function killUnderLoad(options: KillOptions): Promise<KillFigures> {
  const { kills, findDamage, onKill } = options
  const environment = { ...options.environment, TRUSTED_PROXIES: '127.0.0.1' }
  const faults: string[] = []
  const figures: KillFigures = {
    kills: 0,
    confirmed: { create: 0, change: 0, delete: 0 },
    underWay: { whole: 0, nothing: 0 },
    faults,
  }
  const history = new Map<string, string[]>()
  const seenEntries = new Set<string>()
  let server = await startServerProcess(environment)
  const token = await administratorToken(server.url)
  const api = (): WriterApi => apiOf(server.url, token)
  const added = await api()('POST', '/deployments', {
    json: { name: 'Line 3', plan: 'dedicated', backend: { kind: 'embedded' } },
  })
  const { id } = deploymentSchema.parse(await added.json())
  const writers = Array.from({ length: WRITERS }, () => new KeyWriter(id))

  /** @param take gives the cursor of the page after the one it takes, or null for enough */
  async function readPages(path: string, take: (json: unknown) => string | null): Promise<void> {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      cursor = take(await (await api()('GET', `${path}?limit=100${query}`)).json())
    }
  }

  async function compare(): Promise<void> {
    const stored = new Map<string, ApiKey>()
    await readPages(`/deployments/${id}/api-keys`, (json) => {
      const { items, nextCursor } = apiKeyPageSchema.parse(json)
      for (const key of items) stored.set(key.appId, key)
      return nextCursor
    })
    await readPages('/activity', (json) => {
      const { items, nextCursor } = activityPageSchema.parse(json)
      const unseen = items.filter((entry) => !seenEntries.has(entry.id))
      for (const { id: entryId, action, subject } of unseen) {
        seenEntries.add(entryId)
        if (subject.kind !== 'apiKey' || subject.id === null) continue
        history.set(subject.id, [...(history.get(subject.id) ?? []), action])
      }
      return unseen.length < items.length ? null : nextCursor
    })
    for (const writer of writers) {
      for (const fate of writer.compare(stored, faults)) figures.underWay[fate] += 1
    }
    const known = new Set(writers.flatMap((writer) => writer.appIds()))
    for (const [appId, { version }] of stored) {
      if (!known.has(appId)) faults.push(`${appId} is there and nobody made it`)
      const entries = history.get(appId) ?? []
      const updates = entries.filter((action) => action === 'apiKey.update').length
      const isRecorded = entries.includes('apiKey.create') && updates === version - 1
      if (!isRecorded) faults.push(`${appId} at ${version} has the entries ${entries.join()}`)
    }
    for (const [appId, entries] of history) {
      const isGone = entries.includes('apiKey.delete')
      if (isGone === stored.has(appId)) {
        faults.push(`${appId} is ${isGone ? 'there' : 'gone'} against its entries`)
      }
    }
    for (const writer of writers) faults.push(...(await writer.findWrongAnswers(server.url)))
    faults.push(...(await findDamage()))
  }

  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const isKilled = new AbortController()
      const first = Promise.withResolvers<void>()
      const load = writers.map((writer) =>
        writer.write(api(), {
          until: isKilled.signal,
          onConfirmed(what) {
            figures.confirmed[what] += 1
            first.resolve()
          },
          onFault: (fault) => faults.push(fault),
        }),
      )
      await first.promise
      await delay(Math.random() * KILLED_WITHIN)
      isKilled.abort()
      await server.kill()
      await Promise.all(load)
      figures.kills += 1
      server = await startServerProcess(environment)
      await compare()
      onKill?.(figures.kills)
      if (faults.length > 0) break
    }
  } finally {
    await server.stop()
  }
  return figures
}

function apiOf(url: string, token: string): WriterApi {
  return (method, path, { json, version } = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(version !== undefined && { 'if-match': `"${version}"` }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
}

import { hash, randomBytes } from 'node:crypto'
import type { Access } from '../src/contract/access/access.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'
import { newAppId, newAppSecret } from '../src/contract/keys/credentials.ts'
import { Secret } from '../src/contract/secret.ts'
import { readConfig, type Config } from '../src/server/config/config.ts'
import { openConfiguredStore } from '../src/server/storage/open-store.ts'
import type { NewApiKey } from '../src/store/keys/api-key-records.ts'
import type { Store } from '../src/store/store.ts'
import type { UsageBatch } from '../src/store/usage/usage-batch.ts'

/** The deployment that every key of a bench's store is of. */
export const DEPLOYMENT = 'bench'
/** What every key may call, among other operations. */
export const OPERATION = 'GET /clients'

// A cache that is no good for more would show.
const CALLERS_MAX = 10_000

/** The keys that calls come with: all, or so many of all over. */
export function callersOf<Key>(keys: readonly Key[]): Key[] {
  const step = Math.max(1, Math.floor(keys.length / CALLERS_MAX))
  return keys.filter((_, at) => at % step === 0)
}

export type Credentials = { appId: string; appSecret: string }

const random = (length: number) => new Uint8Array(randomBytes(length))
const DAY = 86_400_000
const now = Date.now()
const ago = (days: number) => new Date(now - days * DAY).toISOString()

/** The settings of a server whose store is in this folder, or in a database where one is given. */
export function configOf(dataDir: string, databaseUrl: string | undefined): Config {
  return readConfig(environmentOf(dataDir, databaseUrl))
}

export function environmentOf(dataDir: string, databaseUrl: string | undefined) {
  const database = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }
  return { DATA_DIR: dataDir, SAMPLES: 'off', LOG_LEVEL: 'error', ...database }
}

/**
 * Makes a store with keys of one deployment, over an EMQX at this address. Every eighth key has
 * full access, each other one lists a dozen operations; where they are `used`, most of them were.
 *
 * @returns their credentials
 */
export async function fillStore(
  config: Config,
  { upstream, keys: count, used }: { upstream: string; keys: number; used: boolean },
): Promise<Credentials[]> {
  const ports = { log: { info: () => {} }, now: () => new Date() }
  const { store } = await openConfiguredStore(config, ports)
  await store.deployments.create({
    id: DEPLOYMENT,
    name: 'Bench',
    plan: 'dedicated',
    version: 'v5',
    region: null,
    backend: { kind: 'emqx', url: upstream, keyId: 'bench', keySecret: new Secret('bench') },
    createdAt: ago(200),
  })
  const credentials = Array.from({ length: count }, () => {
    return { appId: newAppId(random), appSecret: newAppSecret(random) }
  })
  await store.apiKeys.createMany(credentials.map(toKey))
  if (used) await addUse(store, credentials)
  await store.close()
  return credentials
}

const listed = v5Catalog.operations
  .map(({ id }) => id)
  .filter((id) => id !== OPERATION)
  .slice(0, 11)
const list: Access = { mode: 'list', operations: [OPERATION, ...listed] }

const isFull = (at: number) => at % 8 === 7

function toKey({ appId, appSecret }: Credentials, at: number): NewApiKey {
  return {
    appId,
    deploymentId: DEPLOYMENT,
    note: `Line ${at % 40}, ${['ingest', 'alerts', 'reports'][at % 3]} ${at}`,
    access: isFull(at) ? { mode: 'full' } : list,
    legacy: false,
    createdAt: ago(30 + (at % 160) + (at % 1000) / 1000),
    expiresAt: at % 2 === 0 ? ago(-365) : null,
    secretHash: hash('sha256', appSecret, 'buffer'),
  }
}

/** Each key used all it may, but every third one of an operation, and every fifth one lately. */
async function addUse(store: Store, credentials: readonly Credentials[]): Promise<void> {
  const blank = { oldSecretUses: [], addresses: [], refusedCalls: [], refusedCredentials: [] }
  for (let from = 0; from < credentials.length; from += 500) {
    const calls: UsageBatch['calls'][number][] = []
    for (const [offset, { appId }] of credentials.slice(from, from + 500).entries()) {
      const at = from + offset
      const lastAt = ago(at % 5 === 0 ? 100 : (at % 20) + 1)
      const hour = `${lastAt.slice(0, 13)}:00:00.000Z`
      const used = [OPERATION, ...listed].slice(0, at % 3 === 0 ? -1 : undefined)
      for (const operation of isFull(at) ? [OPERATION] : used) {
        calls.push({
          appId,
          operation,
          outcome: 'allowed',
          hour,
          calls: 1,
          lastAt,
          lastAddress: '192.0.2.1',
        })
      }
    }
    await store.usage.add({ ...blank, calls })
  }
}

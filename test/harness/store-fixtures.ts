import type { NewApiKey } from '../../src/store/keys/api-key-records.ts'
import type { Store } from '../../src/store/store.ts'
import type { UsageBatch } from '../../src/store/usage/usage-batch.ts'
import type { TestEngine } from './engines.ts'

// A store with keys, and what is counted of their calls, for tests.

export const NOW = new Date('2026-11-23T12:34:56.000Z')
const DAY = 86_400_000
export const ago = (days: number) => new Date(NOW.getTime() - days * DAY).toISOString()
export const hourOf = (at: string) => `${at.slice(0, 13)}:00:00.000Z`

export const none: UsageBatch = {
  calls: [],
  oldSecretUses: [],
  addresses: [],
  refusedCalls: [],
  refusedCredentials: [],
}

export const apiKey = (appId: string, more: Partial<NewApiKey> = {}): NewApiKey => ({
  appId,
  deploymentId: 'line-3',
  note: '',
  access: { mode: 'list', operations: ['GET /clients', 'GET /clients/{clientid}'] },
  legacy: false,
  createdAt: ago(200),
  secretHash: new Uint8Array(32).fill(1),
  ...more,
})

/** An empty store but for a deployment and these keys of it. */
export async function newStore(engine: TestEngine, ...apiKeys: NewApiKey[]): Promise<Store> {
  const store = await engine.openEmpty()
  await store.deployments.create({
    id: 'line-3',
    name: 'Line 3',
    plan: 'dedicated',
    version: 'v5',
    region: null,
    backend: { kind: 'embedded' },
    createdAt: ago(300),
  })
  await store.apiKeys.createMany(apiKeys)
  return store
}

export const used = (appId: string, at: string, operation = 'GET /clients', calls = 1) => ({
  appId,
  operation,
  outcome: 'allowed' as const,
  hour: hourOf(at),
  calls,
  lastAt: at,
  lastAddress: '192.0.2.1',
})

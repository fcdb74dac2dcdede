import { hash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { listen, portOf } from '../../bench/load.ts'
import { createEmqxBackend } from '../../src/backends/emqx/emqx-backend.ts'
import { v5Catalog } from '../../src/contract/catalog/v5.ts'
import { basicAuthorization, newAppId, newAppSecret } from '../../src/contract/keys/credentials.ts'
import { Secret } from '../../src/contract/secret.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { CallCounter } from '../../src/gateway/usage/call-counter.ts'
import { UsageRecorder } from '../../src/gateway/usage/usage-recorder.ts'
import { openDatabaseFile } from '../../src/server/engines/sqlite/sqlite.ts'
import { addressesBehind } from '../../src/server/http/client-addresses.ts'
import { createGatewayListener } from '../../src/server/http/gateway-listener.ts'
import { createGracefulShutdown } from '../../src/server/http/graceful-shutdown.ts'
import { createListener } from '../../src/server/http/listener.ts'
import { requestIdsBehind } from '../../src/server/http/request-ids.ts'
import { loadStaticFiles } from '../../src/server/http/static-files.ts'
import { createMetrics } from '../../src/server/metrics/metrics.ts'
import { createLog } from '../../src/server/runtime/logs.ts'
import { openStore, type Store } from '../../src/store/store.ts'

/** A call that is refused, and why. */
export type RefusedCall = { kind: string; deploymentId: string; authorization: string }

/** The refusal that all others are compared with. */
export const REFERENCE = 'wrong secret'
/** Refused before any look-up, which takes less: a check that doesn't see this sees nothing. */
export const CONTROL = 'control: malformed'

const OTHER_KEYS = 2000
// Where an App ID lies in the store is chance, and makes up to half a microsecond: each refusal
// has several, which are called in turns. No more than the record of them has room for.
const KEYS_OF_EACH = 20
const NO_COLON = `Basic ${btoa('no colon '.repeat(6))}`
const now = () => new Date()
const raise = (error: unknown) => {
  throw error
}
const random = (length: number) => new Uint8Array(randomBytes(length))

/** The same in random order. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item)
}

/** A store file with keys of every state, and rounds of calls, one for each kind of refusal. */
export async function fillStore(
  dataDir: string,
): Promise<{ store: Store; rounds: RefusedCall[][]; gatewayAt: (now: () => Date) => Gateway }> {
  const file = join(dataDir, 'latchkey.db')
  const { dialect, prepareReads } = openDatabaseFile(file)
  const store = await openStore({ dialect, prepareReads, encryptionKey: new Uint8Array(32) })
  const createdAt = now().toISOString()
  const deployment = { name: 'Plant', plan: 'dedicated', version: 'v5', region: null } as const
  const backend = { kind: 'embedded' } as const
  for (const id of ['plant-one', 'plant-two']) {
    await store.deployments.create({ ...deployment, id, backend, createdAt })
  }
  const operations = v5Catalog.operations.map(({ id }) => id)
  const list = { mode: 'list', operations } as const
  const full = { mode: 'full' } as const
  const blank = { deploymentId: 'plant-one', note: '', legacy: false, createdAt }

  async function add(state: Partial<Parameters<typeof store.apiKeys.create>[0]> = {}) {
    const appId = newAppId(random)
    const appSecret = newAppSecret(random)
    const secretHash = hash('sha256', appSecret, 'buffer')
    await store.apiKeys.create({ ...blank, access: full, ...state, appId, secretHash })
    return { appId, appSecret }
  }

  const others = Array.from({ length: OTHER_KEYS }, () => ({
    ...blank,
    appId: newAppId(random),
    access: list,
    secretHash: random(32),
  }))
  await store.apiKeys.createMany(others)

  const secret = () => newAppSecret(random)
  const shown = (key: { appId: string; appSecret: string }) => [key.appId, key.appSecret] as const
  const refused = (kind: string, appId: string, appSecret: string, deploymentId = 'plant-one') => ({
    kind,
    deploymentId,
    authorization: basicAuthorization(appId, appSecret),
  })
  const rotate = async ({ appId, appSecret }: { appId: string; appSecret: string }) => {
    const renewed = { secretHash: random(32), oldSecretEndsAt: '2026-01-01T00:00:00.000Z' }
    await store.apiKeys.rotate({ deploymentId: 'plant-one', appId, version: 1 }, renewed)
    return { appId, appSecret }
  }
  const kinds = [
    async () => refused(REFERENCE, (await add()).appId, secret()),
    async () => refused('wrong secret, long list', (await add({ access: list })).appId, secret()),
    async () => refused('unknown App ID', newAppId(random), secret()),
    async () => refused('disabled', ...shown(await add({ disabled: true }))),
    async () => refused('expired', ...shown(await add({ expiresAt: '2026-01-01T00:00:00.000Z' }))),
    async () => refused('rotated, wrong secret', (await rotate(await add())).appId, secret()),
    async () => refused('rotated, ended secret', ...shown(await rotate(await add()))),
    async () =>
      refused('of another deployment', ...shown(await add({ deploymentId: 'plant-two' }))),
    async () => refused('unknown deployment', ...shown(await add()), 'plant-nil'),
    async () => ({ kind: CONTROL, deploymentId: 'plant-one', authorization: NO_COLON }),
  ]
  const rounds: RefusedCall[][] = []
  while (rounds.length < KEYS_OF_EACH) {
    const calls: RefusedCall[] = []
    for (const make of shuffled(kinds)) calls.push(await make())
    rounds.push(calls)
  }
  const endpoint = { url: 'http://127.0.0.1:9', keyId: 'none', keySecret: new Secret('none') }
  const open = createEmqxBackend(endpoint, { version: 'v5', now })
  const gatewayAt = (clock: () => Date) =>
    createGateway({
      findKey: (shown) => store.apiKeys.findForCall(shown),
      backendOf: (id) => (id === 'plant-nil' ? undefined : open),
      sha256: (text) => hash('sha256', text, 'hex'),
      now: clock,
      counter: new CallCounter(clock),
      recorder: new UsageRecorder({ now: clock, write: async () => {}, onError: raise }),
      onError: raise,
    })
  return { store, rounds, gatewayAt }
}

/** Serves the gateway as the server does, on a free port. */
export async function startRefusingServer(
  dataDir: string,
): Promise<{ port: number; rounds: RefusedCall[][] }> {
  const log = createLog('error', { write: (line) => process.stderr.write(line), now })
  const { rounds, gatewayAt } = await fillStore(dataDir)
  const addressOf = addressesBehind([])
  const requestIdOf = requestIdsBehind([])
  const metrics = createMetrics()
  const server = createListener({
    gateway: createGatewayListener(gatewayAt(now), { log, addressOf, requestIdOf, metrics }),
    management: { fetch: () => new Response(null, { status: 404 }) },
    files: loadStaticFiles('/nowhere'),
    broker: () => undefined,
    publicUrl: null,
    isPublic: false,
    tls: null,
    addressOf,
    log,
    requestIdOf,
    metrics,
    shutdown: createGracefulShutdown(),
  })
  return { port: portOf(await listen(server)), rounds }
}

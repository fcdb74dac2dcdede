import { hash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { encryptionKey, testDatabase } from '../../../test/harness/engines.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import { basicAuthorization, newAppId, newAppSecret } from '../../contract/keys/credentials.ts'
import { createKeyAuthenticator } from '../../gateway/authenticate-key.ts'
import { openPostgres } from '../../server/engines/postgres/postgres.ts'
import { openDatabaseFile } from '../../server/engines/sqlite/sqlite.ts'
import { openStore, type Store } from '../store.ts'
import type { PrepareReads } from './key-lookup.ts'

// Keys that were read are kept until something may have been committed: a gateway over them must
// never tell anything else than one that reads each time would.

const START = Date.parse('2026-11-23T12:00:00.000Z')
const random = (length: number) => new Uint8Array(randomBytes(length))
const sha256 = (text: string) => hash('sha256', text, 'hex')

/** How many reads there were. */
let reads = 0

function counting(prepareReads: PrepareReads): PrepareReads {
  return (query) => {
    const found = prepareReads(query)
    return {
      ...found,
      read(parameters) {
        reads += 1
        return found.read(parameters)
      },
    }
  }
}

/** A store over a file, which nobody else may write to. */
async function openOnFile(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-look-up-'))
  const { dialect, prepareReads, close } = openDatabaseFile(join(folder, 'latchkey.db'))
  const store = await openStore({ dialect, prepareReads: counting(prepareReads), encryptionKey })
  onTestFinished(async () => {
    await store.close()
    close()
    rmSync(folder, { recursive: true })
  })
  return { store, writer: store }
}

/** Two on one database, as servers have them. */
async function openOnPostgres(): Promise<Stores> {
  const url = await testDatabase()
  const open = async () => {
    const { close, prepareReads, ...engine } = openPostgres(url)
    const store = await openStore({
      ...engine,
      prepareReads: counting(prepareReads),
      encryptionKey,
    })
    onTestFinished(async () => {
      await store.close()
      await close()
    })
    return store
  }
  return { store: await open(), writer: await open() }
}

/** The store that calls are judged by, and one by which keys are changed. */
type Stores = { store: Store; writer: Store }

const engines = [
  { name: 'SQLite', open: openOnFile, runs: 60 },
  { name: 'PostgreSQL', open: openOnPostgres, runs: 20 },
]

async function addDeployments(store: Store): Promise<void> {
  for (const id of ['line-3', 'line-4']) {
    if (await store.deployments.get(id)) continue
    await store.deployments.create({
      id,
      name: id,
      plan: 'dedicated',
      version: 'v5',
      region: null,
      backend: { kind: 'embedded' },
      createdAt: new Date(START).toISOString(),
    })
  }
}

/** What is known of a key beside the store. */
type Model = {
  secret: string
  old: { secret: string; endsAt: number } | null
  disabled: boolean
  expiresAt: number
  operation: OperationId
  version: number
  isThere: boolean
}

const wait = fc.nat({ max: 3 }).map((minutes) => minutes * 60_000)
const step = fc.oneof(
  fc.record({ does: fc.constantFrom('disable', 'enable', 'narrow', 'remove', 'note') }),
  fc.record({ does: fc.constantFrom('rotate', 'expire', 'later'), after: wait }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const OPERATIONS: readonly OperationId[] = ['GET /clients', 'POST /publish']

test.for(engines)('on $name a key that is kept is the key as it is stored', async (engine) => {
  const { store, writer } = await engine.open()
  await addDeployments(writer)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let now = START
      const findKey = store.apiKeys.findForCall
      const authenticateKey = createKeyAuthenticator({ findKey, sha256, now: () => new Date(now) })
      const appId = newAppId(random)
      const model = await create(writer, appId)

      async function check(): Promise<void> {
        const { secret, old, disabled, expiresAt, operation, isThere } = model
        const isGood = isThere && !disabled && now < expiresAt
        for (const deploymentId of ['line-3', 'line-4', null]) {
          for (const shown of [secret, ...(old ? [old.secret] : []), newAppSecret(random)]) {
            const isSecret = shown === secret || (shown === old?.secret && now < old.endsAt)
            const authorization = basicAuthorization(appId, shown)
            const authentication = await authenticateKey(deploymentId, { authorization })
            const authenticated =
              typeof authentication === 'object' && 'authenticated' in authentication
                ? authentication.authenticated
                : undefined
            expect(authenticated !== undefined).toBe(
              isGood && isSecret && deploymentId !== 'line-4',
            )
            if (!authenticated) continue
            expect(authenticated.usedOldSecret).toBe(shown !== secret)
            const { access } = authenticated.rights
            const allowed = OPERATIONS.filter(
              (one) => access.mode === 'full' || access.operations.includes(one),
            )
            expect(allowed).toEqual([operation])
          }
        }
      }

      await check()
      for (const one of steps) {
        now += await take(one, { store: writer, appId, model, now })
        await check()
        await check()
      }
    }),
    { numRuns: engine.runs },
  )
})

test.for(engines)('on $name a key is read once while no key is changed', async (engine) => {
  const { store, writer } = await engine.open()
  await addDeployments(writer)
  const authenticateKey = createKeyAuthenticator({
    findKey: store.apiKeys.findForCall,
    sha256,
    now: () => new Date(START),
  })
  const [appId, other] = [newAppId(random), newAppId(random)]
  const { secret } = await create(writer, appId)
  await create(writer, other)
  const ask = async (shownAppId: string, shownSecret: string) => {
    reads = 0
    const authorization = basicAuthorization(shownAppId, shownSecret)
    const authentication = await authenticateKey('line-3', { authorization })
    return [typeof authentication === 'object' && 'authenticated' in authentication, reads]
  }
  // PostgreSQL's tells of what others write to the same cluster as well.
  const isKept = async () => {
    await expect.poll(() => ask(appId, secret), QUIET).toEqual([true, 0])
  }
  expect(await ask(appId, secret)).toEqual([true, 1])
  await isKept()
  // The last also with the secret of a key that is kept: nothing tells which App IDs there are.
  for (const shownSecret of [newAppSecret(random), secret]) {
    expect(await ask(other, shownSecret)).toEqual([false, 2])
    await isKept()
    expect(await ask(newAppId(random), shownSecret)).toEqual([false, 2])
  }
  const target = { deploymentId: 'line-3', appId: other, version: 1 }
  await writer.apiKeys.update(target, { disabled: true })
  expect(await ask(appId, secret)).toEqual([true, 1])
})

const QUIET = { timeout: 20_000, interval: 5 }

async function create(store: Store, appId: string): Promise<Model> {
  const secret = newAppSecret(random)
  await store.apiKeys.create({
    appId,
    deploymentId: 'line-3',
    note: '',
    access: { mode: 'list', operations: ['GET /clients'] },
    legacy: false,
    createdAt: new Date(START).toISOString(),
    secretHash: hash('sha256', secret, 'buffer'),
  })
  const limits = { old: null, disabled: false, expiresAt: Infinity }
  return { secret, ...limits, operation: 'GET /clients', version: 1, isThere: true }
}

type World = { store: Store; appId: string; model: Model; now: number }

/** Does something to the key, in the store and in the model; returns how much time passes. */
async function take(one: Step, { store, appId, model, now }: World): Promise<number> {
  const { apiKeys } = store
  const target = { deploymentId: 'line-3', appId, version: model.version }
  if (one.does === 'later' && 'after' in one) return one.after
  if (one.does === 'remove') {
    await apiKeys.remove('line-3', appId, undefined)
    model.isThere = false
    return 0
  }
  if (!model.isThere) return 0
  model.version += 1
  if (one.does === 'rotate' && 'after' in one) {
    const secret = newAppSecret(random)
    const endsAt = now + one.after
    await apiKeys.rotate(target, {
      secretHash: hash('sha256', secret, 'buffer'),
      oldSecretEndsAt: new Date(endsAt).toISOString(),
    })
    model.old = { secret: model.secret, endsAt }
    model.secret = secret
  } else if (one.does === 'expire' && 'after' in one) {
    model.expiresAt = now + one.after
    await apiKeys.update(target, { expiresAt: new Date(model.expiresAt).toISOString() })
  } else if (one.does === 'narrow') {
    model.operation = model.operation === 'GET /clients' ? 'POST /publish' : 'GET /clients'
    const access = { mode: 'list' as const, operations: [model.operation] }
    await apiKeys.update(target, { access })
  } else if (one.does === 'note') {
    await apiKeys.update(target, { note: String(now) })
  } else {
    model.disabled = one.does === 'disable'
    await apiKeys.update(target, { disabled: model.disabled })
  }
  return 0
}

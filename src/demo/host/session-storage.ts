import { z } from 'zod'
import { applyBlocks } from './blocks.ts'
import type { PersistedSession, SessionChange, SessionMemory } from './session-host.ts'
import { readSession, writeSession, type Session } from './session.ts'

const NAME = 'latchkey-demo'
const VERSION = 2
const SESSIONS_KEPT = 8

const subscription = z.object({
  topic: z.string(),
  qos: z.literal([0, 1, 2]),
  nl: z.literal([0, 1]),
  rap: z.literal([0, 1]),
  rh: z.literal([0, 1, 2]),
})
const memorySchema: z.ZodType<SessionMemory> = z.object({
  drawn: z.int(),
  brokers: z.record(
    z.string(),
    z.object({
      kicked: z.array(z.string()),
      subscriptions: z.record(z.string(), z.array(subscription)),
      published: z.int(),
      delivered: z.int(),
      recent: z.array(z.object({ at: z.number(), delivered: z.int() })),
    }),
  ),
  calls: z.array(
    z.object({
      deploymentId: z.string(),
      outcome: z.enum(['allowed', 'refused', 'failed']),
      at: z.number(),
    }),
  ),
})
const persistedSchema = z.object({
  memory: memorySchema,
  blocks: z.array(z.instanceof(Uint8Array<ArrayBuffer>)).min(1),
})
const rowSchema = z.object({ id: z.string(), session: z.string(), usedAt: z.number() })

/** Persists sessions in IndexedDB. Everything rejects with its errors. */
export type SessionStorage = {
  /** The last persisted state; undefined where there is none of this version. */
  load(id: string): Promise<PersistedSession | undefined>
  /** Persists changes durably. */
  persist(session: Session, change: SessionChange): Promise<void>
  /** The most recently persisted session. */
  latest(): Promise<Session | undefined>
  /** Deletes sessions without an open tab, but for the most recently changed ones. */
  prune(isOpen: (id: string) => boolean): Promise<void>
}

export async function openSessionStorage(
  factory: IDBFactory,
  clock: () => number,
): Promise<SessionStorage> {
  const opening = factory.open(NAME, VERSION)
  opening.addEventListener('upgradeneeded', () => {
    const { result } = opening
    // Sessions of another version are forgotten.
    for (const name of result.objectStoreNames) result.deleteObjectStore(name)
    result.createObjectStore('sessions', { keyPath: 'id' })
    result.createObjectStore('memories')
    // Key: session, and index in its database file.
    result.createObjectStore('blocks')
  })
  const db = await resultOf(opening)
  // Another version of the demo must be able to upgrade.
  db.addEventListener('versionchange', () => db.close())

  const stores = ['sessions', 'memories', 'blocks']
  const allOf = (id: string) => IDBKeyRange.bound([id], [id, []])

  async function rows() {
    const all = await resultOf(db.transaction('sessions').objectStore('sessions').getAll())
    const parsed = z.array(rowSchema).parse(all)
    return parsed.toSorted((one, other) => other.usedAt - one.usedAt)
  }

  return {
    async load(id) {
      const transaction = db.transaction(stores)
      const [memory, blocks, keys] = await Promise.all([
        resultOf(transaction.objectStore('memories').get(id)),
        // In the order of their places.
        resultOf(transaction.objectStore('blocks').getAll(allOf(id))),
        resultOf(transaction.objectStore('blocks').getAllKeys(allOf(id))),
      ])
      const persisted = persistedSchema.safeParse({ memory, blocks }).data
      const isWhole = keys.every((key, place) => Array.isArray(key) && key[1] === place)
      if (!persisted || !isWhole) return undefined
      const placed = persisted.blocks.map((bytes, index) => ({ index, bytes }))
      return { memory: persisted.memory, database: applyBlocks(new Uint8Array(), placed) }
    },

    async persist(session, { blocks, memory }) {
      const { id } = session
      const transaction = db.transaction(stores, 'readwrite')
      transaction
        .objectStore('sessions')
        .put({ id, session: writeSession(session), usedAt: clock() })
      transaction.objectStore('memories').put(memory, id)
      for (const { index, bytes } of blocks) {
        transaction.objectStore('blocks').put(bytes, [id, index])
      }
      await completed(transaction)
    },

    async latest() {
      const [last] = await rows()
      return last && readSession(last.session)
    },

    async prune(isOpen) {
      const closed = (await rows()).filter(({ id }) => !isOpen(id))
      const old = closed.slice(SESSIONS_KEPT)
      const transaction = db.transaction(stores, 'readwrite')
      for (const { id } of old) {
        transaction.objectStore('sessions').delete(id)
        transaction.objectStore('memories').delete(id)
        transaction.objectStore('blocks').delete(allOf(id))
      }
      await completed(transaction)
    },
  }
}

async function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')))
  })
}

async function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => {
      reject(transaction.error ?? new Error('IndexedDB gave up a transaction'))
    })
  })
}

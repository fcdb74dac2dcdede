import type { Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { sha256InHex } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { parseTarget } from '../../gateway/target.ts'
import { UsageRecorder } from '../../gateway/usage/usage-recorder.ts'
import { createManagementApi } from '../../management/management-api.ts'
import { problemResponse } from '../../management/respond.ts'
import { openStore, type Store } from '../../store/store.ts'
import { restoredCounter, worthKeeping, type LoggedCall } from '../world/call-log.ts'
import { scenarios, type Failures } from '../world/scenarios.ts'
import { seededBytes } from '../world/seeded.ts'
import { simulatedBackends } from '../world/simulated-backends.ts'
import type { BrokerChanges } from '../world/simulated-broker.ts'
import { isManagementPath } from './addresses.ts'
import type { Block } from './blocks.ts'
import { demoSignIn } from './demo-sign-in.ts'
import { askedFor, faultIn, typedTexts } from './faults.ts'
import { answerByGateway } from './gateway-request.ts'
import { SESSION_HEADER, type Session } from './session.ts'
import { openMemoryDatabase } from './sqlite.ts'

/** What a session has besides its database; plain data, so that it can be kept as it is. */
export type SessionMemory = {
  /** Random bytes drawn so far, where the session has a seed. */
  drawn: number
  brokers: Record<string, BrokerChanges>
  calls: LoggedCall[]
}

/** A session as it is kept between two runs of the worker. */
export type KeptSession = { database: Uint8Array<ArrayBuffer>; memory: SessionMemory }

/** What changed of a session since it was kept last. */
export type SessionChange = { blocks: readonly Block[]; memory: SessionMemory }

export type SessionHostPorts = {
  sqlite: Sqlite3
  session: Session
  /** As it was kept last; undefined for a new session. */
  kept: KeptSession | undefined
  /** Keeps what changed; awaited before the answer to the request that changed it. */
  keep: (change: SessionChange) => Promise<void>
  /** The machine's time, in milliseconds since 1970. */
  clock: () => number
  /** Resolves after these milliseconds, or when the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Where unseeded sessions get ids and secrets from. */
  random: RandomBytes
  onError: (error: unknown) => void
}

/** Latchkey for one session of the demo: the server's own code over a store in memory. */
export type SessionHost = {
  /** Answers a request to the management API or a Deployment API. Never rejects. */
  answer(request: Request): Promise<Response>
  close(): Promise<void>
}

// The page and its worker are one machine.
const ADDRESS = '127.0.0.1'

/** Opens a session: as it was kept, or filled by its scenario. */
export async function openSessionHost(ports: SessionHostPorts): Promise<SessionHost> {
  const { sqlite, session, kept, keep, onError } = ports
  const { delay, failures, fill } = scenarios[session.scenario]
  const seed = session.seed ?? 'demo'
  const sessionStart = new Date(session.clockStart)
  const now = () => new Date(ports.clock() - session.startedAt + session.clockStart)

  const memory: SessionMemory = structuredClone(
    kept?.memory ?? { drawn: 0, brokers: {}, calls: [] },
  )
  const seeded = session.seed === null ? undefined : seededBytes(`${seed}/ids`, memory.drawn)
  const random = seeded?.random ?? ports.random

  const database = openMemoryDatabase(sqlite, kept?.database)
  // Nothing gets sealed: the demo takes no EMQX and so no credentials of one.
  const sealingKey = new Uint8Array(32)
  const store: Store = await openStore({ dialect: database.dialect, sealingKey })
  let keptChanges = database.changes()
  if (!kept) {
    await fill(store, sessionStart, seededBytes(`${seed}/${session.scenario}`).random)
    keptChanges = -1
  }

  const { unreachable } = failures
  const changes = memory.brokers
  const backends = simulatedBackends({ seed, sessionStart, now, random, unreachable, changes })
  for (const deployment of await store.deployments.list()) await backends.open(deployment)

  await store.usage.age(now())

  const counter = restoredCounter(memory.calls, now)
  const recorder = new UsageRecorder({ now, write: (batch) => store.usage.add(batch), onError })
  const gateway = createGateway({
    findKey: (shown) => store.apiKeys.findForCall(shown),
    backendOf: (deploymentId) => backends.get(deploymentId),
    sha256: sha256InHex,
    now,
    counter,
    recorder,
    onError,
  })
  const management = createManagementApi({
    store,
    backends,
    calls: counter,
    now,
    random,
    signIn: demoSignIn,
    addressOf: () => ADDRESS,
    identifyKey: ({ headers }) =>
      gateway.identifyKey({ headers: Object.fromEntries(headers), address: ADDRESS }),
    metrics: null,
    origin: (request) => new URL(request.url).origin,
    onError,
  })

  async function keepChanges(before: string): Promise<void> {
    memory.drawn = seeded?.drawn() ?? 0
    memory.calls = worthKeeping(memory.calls, now())
    const isNewDatabase = database.changes() !== keptChanges
    if (!isNewDatabase && JSON.stringify(memory) === before) return
    const changed = database.changes()
    const blocks = isNewDatabase ? database.changedBlocks() : []
    await keep({ blocks, memory })
    database.noteKept(blocks)
    keptChanges = changed
  }

  async function answerNow(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    if (isManagementPath(pathname)) {
      const problem = await failureOf(request, failures)
      return problem ? problemResponse(problem) : management.fetch(request)
    }
    const target = parseTarget(`${pathname}${search}`)
    if (!target) return problemResponse(new Problem(404, 'There is nothing at this address.'))
    const { response, outcome } = await answerByGateway(gateway, target, request, ADDRESS)
    const { deploymentId } = target
    if (backends.get(deploymentId)) {
      memory.calls.push({ deploymentId, outcome, at: now().getTime() })
    }
    return response
  }

  async function answerAndKeep(request: Request): Promise<Response> {
    try {
      const before = JSON.stringify(memory)
      const response = await answerNow(request)
      // At once: the worker may be stopped after any answer.
      await recorder.flush()
      await keepChanges(before)
      return response
    } catch (error) {
      onError(error)
      return problemResponse(
        new Problem(503, 'The browser could not keep this. Free some space, or reset the demo.'),
      )
    }
  }

  // One after the other: the store has one connection, and what is kept must be whole.
  let last: Promise<unknown> = Promise.resolve()

  return {
    async answer(received) {
      const request = withoutSession(received)
      await ports.wait(delay + (await delayOf(request)), request.signal)
      const answered = last.then(() => answerAndKeep(request))
      last = answered
      return uncached(await answered)
    },
    async close() {
      await last
      await store.close()
    },
  }
}

function withoutSession(received: Request): Request {
  const request = new Request(received)
  request.headers.delete(SESSION_HEADER)
  return request
}

async function delayOf(request: Request): Promise<number> {
  const texts = await typedTexts(request)
  return Math.max(0, ...texts.map(([, text]) => faultIn(text).delay))
}

/** Why a request fails in the demo though it wouldn't elsewhere: asked for, or by scenario. */
async function failureOf(request: Request, failures: Failures): Promise<Problem | undefined> {
  for (const [field, text] of await typedTexts(request)) {
    const { status } = faultIn(text)
    if (status !== undefined) return askedFor(status, field)
  }
  if (failures.writes && request.method !== 'GET') {
    const detail = "Nothing was saved: in this scenario the store can't be written to."
    return new Problem(503, `${detail} Open another scenario to go on.`)
  }
  const { pathname } = new URL(request.url)
  if (failures.keys !== undefined && pathname.includes(`/${failures.keys}/api-keys`)) {
    return new Problem(503, "The keys can't be read: in this scenario the store fails.")
  }
  return undefined
}

function uncached(response: Response): Response {
  response.headers.set('cache-control', 'no-store')
  return response
}

import type { Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { sha256InHex } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import type { RandomBytes } from '../../contract/keys/credentials.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { parseTarget } from '../../gateway/target.ts'
import { UsageRecorder } from '../../gateway/usage/usage-recorder.ts'
import { problemResponse } from '../../management/http/problem-responses.ts'
import { createManagementApi } from '../../management/management-api.ts'
import { openStore, type Store } from '../../store/store.ts'
import { replayCalls, recentCalls, type LoggedCall } from '../world/call-log.ts'
import { scenarios, type Failures } from '../world/scenarios.ts'
import { seededBytes } from '../world/seeded.ts'
import { simulatedBackends } from '../world/simulated-backends.ts'
import type { BrokerChanges } from '../world/simulated-broker.ts'
import { isManagementPath } from './addresses.ts'
import type { Block } from './blocks.ts'
import { demoSignIn } from './demo-sign-in.ts'
import { requestedProblem, parseSentinels, sentinelTexts } from './faults.ts'
import { callGateway } from './gateway-request.ts'
import { SESSION_HEADER, type Session } from './session.ts'
import { openMemoryDatabase } from './sqlite.ts'

/** A session's state outside its database: plain data, so that it can be persisted. */
export type SessionMemory = {
  /** Bytes drawn from the seeded sequence so far. */
  drawn: number
  brokers: Record<string, BrokerChanges>
  calls: LoggedCall[]
}

/** A session as it is persisted between two runs of the worker. */
export type PersistedSession = { database: Uint8Array<ArrayBuffer>; memory: SessionMemory }

/** Changes since a session was last persisted. */
export type SessionChange = { blocks: readonly Block[]; memory: SessionMemory }

export type SessionHostPorts = {
  sqlite: Sqlite3
  session: Session
  /** The last persisted state; undefined for a new session. */
  persisted: PersistedSession | undefined
  /** Persists changes; awaited before the response to the request that made them. */
  persist: (change: SessionChange) => Promise<void>
  /** The machine's clock, in milliseconds since 1970. */
  clock: () => number
  /** Resolves after the milliseconds, or when the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Source of ids and secrets for sessions without a seed. */
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

/** Opens a session: as it was persisted, or filled by its scenario. */
export async function openSessionHost(ports: SessionHostPorts): Promise<SessionHost> {
  const { sqlite, session, persisted, persist, onError } = ports
  const { delay, failures, fill } = scenarios[session.scenario]
  const seed = session.seed ?? 'demo'
  const sessionStart = new Date(session.clockStart)
  const now = () => new Date(ports.clock() - session.startedAt + session.clockStart)

  const memory: SessionMemory = structuredClone(
    persisted?.memory ?? { drawn: 0, brokers: {}, calls: [] },
  )
  const seeded = session.seed === null ? undefined : seededBytes(`${seed}/ids`, memory.drawn)
  const random = seeded?.random ?? ports.random

  const database = openMemoryDatabase(sqlite, persisted?.database)
  // The demo connects no EMQX, so there are no credentials to encrypt.
  const encryptionKey = new Uint8Array(32)
  const store: Store = await openStore({ dialect: database.dialect, encryptionKey })
  let persistedChanges = database.changes()
  if (!persisted) {
    await fill(store, sessionStart, seededBytes(`${seed}/${session.scenario}`).random)
    persistedChanges = -1
  }

  const { unreachable } = failures
  const changes = memory.brokers
  const backends = simulatedBackends({ seed, sessionStart, now, random, unreachable, changes })
  for (const deployment of await store.deployments.list()) await backends.open(deployment)

  await store.usage.age(now())

  const counter = replayCalls(memory.calls, now)
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

  async function persistChanges(before: string): Promise<void> {
    memory.drawn = seeded?.drawn() ?? 0
    memory.calls = recentCalls(memory.calls, now())
    const isNewDatabase = database.changes() !== persistedChanges
    if (!isNewDatabase && JSON.stringify(memory) === before) return
    const changed = database.changes()
    const blocks = isNewDatabase ? database.changedBlocks() : []
    await persist({ blocks, memory })
    database.markPersisted(blocks)
    persistedChanges = changed
  }

  async function answerNow(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    if (isManagementPath(pathname)) {
      const problem = await failureOf(request, failures)
      return problem ? problemResponse(problem) : management.fetch(request)
    }
    const target = parseTarget(`${pathname}${search}`)
    if (!target) return problemResponse(new Problem(404, 'There is nothing at this address.'))
    const { response, outcome } = await callGateway(gateway, target, request, ADDRESS)
    const { deploymentId } = target
    if (backends.get(deploymentId)) {
      memory.calls.push({ deploymentId, outcome, at: now().getTime() })
    }
    return response
  }

  async function answerAndPersist(request: Request): Promise<Response> {
    try {
      const before = JSON.stringify(memory)
      const response = await answerNow(request)
      // At once: browsers can stop a worker after any response.
      await recorder.flush()
      await persistChanges(before)
      return response
    } catch (error) {
      onError(error)
      return problemResponse(
        new Problem(503, 'The browser could not persist this. Free some space, or reset the demo.'),
      )
    }
  }

  // One request at a time: the store has one connection, and its snapshot must be consistent.
  let last: Promise<unknown> = Promise.resolve()

  return {
    async answer(received) {
      const request = withoutSession(received)
      await ports.wait(delay + (await delayOf(request)), request.signal)
      const answered = last.then(() => answerAndPersist(request))
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
  const texts = await sentinelTexts(request)
  return Math.max(0, ...texts.map(([, text]) => parseSentinels(text).delay))
}

/** The failure that a sentinel or the scenario asks for. */
async function failureOf(request: Request, failures: Failures): Promise<Problem | undefined> {
  for (const [field, text] of await sentinelTexts(request)) {
    const { status } = parseSentinels(text)
    if (status !== undefined) return requestedProblem(status, field)
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

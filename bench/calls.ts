import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../test/harness/postgres/postgres.ts'
import { nginxVersion, startNginx } from './nginx.ts'
import { median, medianRatio, say, shown, table } from './print.ts'
import {
  cpuOf,
  forkLoad,
  forkTarget,
  forkUpstream,
  memoryOf,
  stop,
  withFolder,
  type LoadMaker,
} from './process.ts'

const CONNECTIONS = 32
const WARM_UP_MILLISECONDS = 2000

// Servers of one kind differ by a tenth for as long as they run, and the machine from one minute to
// the next: a few of each kind, in many short rounds, which go up and down the list.
const FEW_KEYS = 100
const BESIDE_PROXY = { servers: 3, rounds: 15 }
const ROUND = { leadIn: 250, milliseconds: 1000 }

const KEYS = [FEW_KEYS, 10_000, 100_000]
const MORE_KEYS = { servers: 1, rounds: 7 }
// The record of many keys' use is written every seven seconds.
const RECORDED_ROUND = { leadIn: 1500, milliseconds: 7000 }

type Round = typeof ROUND

/** A server that can be measured. */
type Started = {
  pid: number
  port: number
  requests: string[]
  settle?: () => Promise<void>
  end: () => Promise<void>
}

/** What to measure. */
type Kind = { name: string; keys?: number; round: Round; start: () => Promise<Started> }

/** What was measured of its servers. */
type Measured = Pick<Kind, 'name' | 'keys'> & {
  /** Calls per second in each round. */
  rates: number[]
  /** Milliseconds for a thousand calls. */
  cpus: number[]
  /** Megabytes of each. */
  memory: (number | undefined)[]
}

/**
 * What a call through the gateway costs, over each store: beside a bare proxy and nginx, and with
 * ever more keys beside nginx and better-auth's API keys. All of a table in turns, in one run, in
 * front of one upstream.
 */
export async function benchCalls(): Promise<void> {
  const cluster = await startCluster({ isDurable: true }).catch(sayWhy('PostgreSQL'))
  const version = nginxVersion()
  if (version === undefined) say('nginx is left out: there is none here.')
  const upstream = await forkUpstream()
  const load = forkLoad()
  try {
    await withFolder(async (folder) => {
      const kinds = kindsIn({ folder, upstream: upstream.url, cluster, version })
      const few = [
        kinds.bareProxy,
        kinds.passThrough,
        kinds.passThroughUndici,
        ...kinds.keeping(FEW_KEYS, ROUND),
      ]
      printBesideProxy(await measureInTurns(few, BESIDE_PROXY, load))
      const more = [
        ...KEYS.map((keys) => kinds.keeping(keys, RECORDED_ROUND)),
        ...KEYS.map((keys) => [kinds.betterAuth(keys)]),
      ]
      printMoreKeys(await measureInTurns(more.flat(), MORE_KEYS, load))
    })
  } finally {
    await stop(load, upstream)
    await cluster?.remove()
  }
}

/** Starts so many servers of each kind and measures all of them in turns. */
async function measureInTurns(
  kinds: readonly Kind[],
  { servers: count, rounds }: typeof BESIDE_PROXY,
  load: LoadMaker,
): Promise<Measured[]> {
  const all = []
  for (const { name, keys, round, start } of kinds) {
    const measured: Measured = { name, ...(keys && { keys }), rates: [], cpus: [], memory: [] }
    const servers = []
    for (let at = 0; at < count; at += 1) {
      const server = { id: `${name}, ${keys}, ${at}`, ...(await start()) }
      const how = { connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] }
      load.prepare(server.id, { port: server.port, requests: server.requests, ...how })
      await load.run(server.id, WARM_UP_MILLISECONDS)
      servers.push(server)
    }
    all.push({ measured, round, servers })
  }
  for (let round = 0; round < rounds; round += 1) {
    const turns = round % 2 === 0 ? all : all.toReversed()
    const sums = new Map(turns.map((turn) => [turn, 0]))
    for (let at = 0; at < count; at += 1) {
      for (const turn of turns) {
        const server = turn.servers[at]
        if (!server) continue
        const { rate, cpu } = await measureOnce(server, load, turn.round)
        sums.set(turn, (sums.get(turn) ?? 0) + rate)
        turn.measured.cpus.push(cpu)
      }
    }
    for (const [{ measured }, sum] of sums) measured.rates.push(sum / count)
  }
  for (const { measured, servers } of all) {
    measured.memory = servers.map(({ pid }) => memoryOf(pid))
    await Promise.all(servers.map(({ end }) => end()))
  }
  return all.map(({ measured }) => measured)
}

async function measureOnce(
  { id, pid, settle }: Started & { id: string },
  load: LoadMaker,
  { leadIn, milliseconds }: Round,
): Promise<{ rate: number; cpu: number }> {
  await load.run(id, leadIn)
  const before = cpuOf(pid)
  const rate = await load.run(id, milliseconds)
  const used = (cpuOf(pid) ?? Number.NaN) - (before ?? Number.NaN)
  // What is left to be written would go on while the next is measured.
  await settle?.()
  return { rate, cpu: used / ((rate * milliseconds) / 1_000_000) }
}

const sayWhy = (what: string) => (error: unknown) => {
  say(`${what} is left out: ${error instanceof Error ? error.message : String(error)}`)
  return undefined
}

type Ports = {
  folder: string
  upstream: string
  cluster: Cluster | undefined
  version: string | undefined
}

/** The kinds of servers; `keeping` gives those that keep so many keys, or users. */
function kindsIn({ folder, upstream, cluster, version }: Ports) {
  let count = 0
  const newFolder = () => {
    count += 1
    const path = join(folder, String(count))
    mkdirSync(path)
    return path
  }
  type Target = Parameters<typeof forkTarget>[0]['kind']
  const node = (
    name: string,
    kind: Target,
    round = ROUND,
    keys?: number,
    onto?: Cluster,
  ): Kind => ({
    name,
    ...(keys !== undefined && { keys }),
    round,
    async start() {
      const databaseUrl = await onto?.newDatabase()
      const spec = { kind, upstream, dataDir: newFolder(), keys: keys ?? 0 }
      const target = await forkTarget({
        ...spec,
        ...(databaseUrl !== undefined && { databaseUrl }),
      })
      return { ...target, end: () => stop(target) }
    },
  })
  const nginx = (keys: number): Kind => ({
    name: `nginx ${version}`,
    keys,
    round: ROUND,
    async start() {
      const server = await startNginx(upstream, newFolder(), keys)
      return { ...server, end: () => stop({ child: server.process, pid: server.pid }) }
    },
  })
  return {
    bareProxy: node('bare proxy', 'bareProxy'),
    passThrough: node('gateway, no checks', 'passThrough'),
    passThroughUndici: node('the same, on undici', 'passThroughUndici'),
    betterAuth: (keys: number) => node('better-auth', 'betterAuth', ROUND, keys),
    keeping: (keys: number, round: Round) => [
      node('gateway, on SQLite', 'gateway', round, keys),
      ...(cluster ? [node('gateway, on PostgreSQL', 'gateway', round, keys, cluster)] : []),
      ...(version === undefined ? [] : [nginx(keys)]),
    ],
  }
}

const isNginx = ({ name }: Measured) => name.startsWith('nginx')

function ratio(one: Measured, other: Measured | undefined): string {
  return other ? shown(medianRatio(one.rates, other.rates), 2) : '–'
}

function printBesideProxy(measured: readonly Measured[]): void {
  const { servers, rounds } = BESIDE_PROXY
  say(`Calls with ${FEW_KEYS} keys, ${CONNECTIONS} connections, ${servers} servers of each kind,`)
  say(`median of ${rounds} rounds in turns`)
  const rows = measured.map((one) => [
    one.name,
    shown(median(one.rates)),
    ratio(one, measured[0]),
    ratio(one, measured.find(isNginx)),
    ...costOf(one),
  ])
  table(['', 'per second', '/ bare', '/ nginx', ...COSTS], rows)
  say()
}

function printMoreKeys(measured: readonly Measured[]): void {
  say(`Calls with ever more keys, ${CONNECTIONS} connections, median of ${MORE_KEYS.rounds} rounds`)
  const rankOf = ({ name }: Measured) => measured.findIndex((one) => one.name === name)
  const byName = measured.toSorted((one, other) => rankOf(one) - rankOf(other))
  const rows = byName.map((one) => [
    one.name,
    shown(one.keys),
    shown(median(one.rates)),
    ratio(
      one,
      measured.find(({ name }) => name === one.name),
    ),
    ratio(
      one,
      measured.find((other) => isNginx(other) && other.keys === one.keys),
    ),
    ...costOf(one),
  ])
  table(['', 'keys', 'per second', `/ ${FEW_KEYS} keys`, '/ nginx', ...COSTS], rows)
}

const COSTS = ['CPU ms per 1,000', 'MB']

function costOf({ cpus, memory }: Measured): string[] {
  return [shown(median(cpus)), shown(median(memory.map((one) => one ?? Number.NaN)))]
}

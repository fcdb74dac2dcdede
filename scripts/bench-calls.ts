import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster, type Cluster } from '../src/server/testing/postgres.ts'
import { nginxVersion, startNginx } from './bench-nginx.ts'
import { median, medianRatio, say, shown, table } from './bench-print.ts'
import {
  cpuOf,
  forkLoad,
  forkTarget,
  forkUpstream,
  memoryOf,
  stop,
  withFolder,
  type LoadMaker,
} from './bench-process.ts'

const KEYS = [100, 10_000, 100_000]
const CONNECTIONS = 32
// Between a server's rounds the bare proxy has its own, so that both have the machine in one mood:
// rather many short ones than few long ones.
const ROUNDS = 7
const ROUND = { leadIn: 500, milliseconds: 2500 }
// The record of many keys' use is written every seven seconds.
const RECORDED_ROUND = { leadIn: 1500, milliseconds: 7000 }
const WARM_UP_MILLISECONDS = 2000

const RECORDING = 'gateway, on'

/** A server that can be measured. */
type Started = {
  pid: number
  port: number
  requests: string[]
  settle?: () => Promise<void>
}

/** What was measured of a server. */
type Measured = {
  name: string
  keys: number | undefined
  rates: number[]
  /** Of the bare proxy, in the rounds before and after each of these. */
  bareRates: number[]
  cpu: number
  memory: number | undefined
}

/**
 * What a call through the gateway costs, over each store and with ever more keys, beside nginx and
 * better-auth's API keys: each in turns with a bare proxy, in one run, in front of one upstream.
 */
export async function benchCalls(): Promise<void> {
  const cluster = await startCluster({ isDurable: true }).catch(sayWhy('PostgreSQL'))
  const version = nginxVersion()
  if (version === undefined) say('nginx is left out: there is none here.')
  const upstream = await forkUpstream()
  const load = forkLoad()
  try {
    await withFolder(async (folder) => {
      const candidates = candidatesFor({ folder, upstream: upstream.url, cluster, version })
      const proxy = await forkTarget({
        kind: 'bareProxy',
        upstream: upstream.url,
        dataDir: folder,
        keys: 0,
      })
      const bare = nothingOf('bare proxy', undefined)
      prepare(load, bare, proxy)
      await load.run(idOf(bare), WARM_UP_MILLISECONDS)
      const servers: Measured[] = []
      for (const { name, keys, start } of candidates) {
        const server = await start()
        const one = nothingOf(name, keys)
        prepare(load, one, server)
        await load.run(idOf(one), WARM_UP_MILLISECONDS)
        let before = await measureOnce(bare, proxy, load, ROUND)
        for (let round = 0; round < ROUNDS; round += 1) {
          const round = name.startsWith(RECORDING) ? RECORDED_ROUND : ROUND
          await measureOnce(one, server, load, round)
          const after = await measureOnce(bare, proxy, load, ROUND)
          one.bareRates.push((before + after) / 2)
          before = after
        }
        one.memory = memoryOf(server.pid)
        await server.end()
        servers.push(one)
      }
      bare.memory = memoryOf(proxy.pid)
      bare.bareRates = bare.rates
      await stop(proxy)
      print([bare, ...servers])
    })
  } finally {
    await stop(load, upstream)
    await cluster?.remove()
  }
}

const sayWhy = (what: string) => (error: unknown) => {
  say(`${what} is left out: ${error instanceof Error ? error.message : String(error)}`)
  return undefined
}

const idOf = ({ name, keys }: Measured) => `${name}, ${keys}`

function nothingOf(name: string, keys: number | undefined): Measured {
  return { name, keys, rates: [], bareRates: [], cpu: 0, memory: undefined }
}

function prepare(load: LoadMaker, one: Measured, { port, requests }: Started): void {
  const how = { connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] }
  load.prepare(idOf(one), { port, requests, ...how })
}

type Ports = {
  folder: string
  upstream: string
  cluster: Cluster | undefined
  version: string | undefined
}

type Candidate = {
  name: string
  keys: number | undefined
  start: () => Promise<Started & { end: () => Promise<void> }>
}

/** What is measured, one after the other. */
function candidatesFor({ folder, upstream, cluster, version }: Ports): Candidate[] {
  let count = 0
  const newFolder = () => {
    count += 1
    const path = join(folder, String(count))
    mkdirSync(path)
    return path
  }
  type Kind = Parameters<typeof forkTarget>[0]['kind']
  const node = (name: string, kind: Kind, keys?: number, onPostgres = false): Candidate => ({
    name,
    keys,
    async start() {
      const databaseUrl = onPostgres ? await cluster?.newDatabase() : undefined
      const spec = { kind, upstream, dataDir: newFolder(), keys: keys ?? 0 }
      const target = await forkTarget({
        ...spec,
        ...(databaseUrl !== undefined && { databaseUrl }),
      })
      return { ...target, end: () => stop(target) }
    },
  })
  const nginx = (keys: number): Candidate => ({
    name: `nginx ${version}`,
    keys,
    async start() {
      const server = await startNginx(upstream, newFolder(), keys)
      return { ...server, end: () => stop({ child: server.process, pid: server.pid }) }
    },
  })
  return [
    node('gateway, no checks', 'passThrough'),
    ...KEYS.map((keys) => node(`${RECORDING} SQLite`, 'gateway', keys)),
    ...(cluster ? KEYS : []).map((keys) => node(`${RECORDING} PostgreSQL`, 'gateway', keys, true)),
    ...(version === undefined ? [] : KEYS).map(nginx),
    ...KEYS.map((keys) => node('better-auth', 'betterAuth', keys)),
  ]
}

async function measureOnce(
  one: Measured,
  { pid, settle }: Started,
  load: LoadMaker,
  { leadIn, milliseconds }: typeof ROUND,
): Promise<number> {
  await load.run(idOf(one), leadIn)
  const before = cpuOf(pid)
  const rate = await load.run(idOf(one), milliseconds)
  one.rates.push(rate)
  const calls = (rate * milliseconds) / 1000
  one.cpu += ((cpuOf(pid) ?? Number.NaN) - (before ?? Number.NaN)) / (calls / 1000)
  // What is left to be written would go on while the next is measured.
  await settle?.()
  return rate
}

function print(servers: readonly Measured[]): void {
  say(`Calls, ${CONNECTIONS} connections, median of ${ROUNDS} rounds in turns`)
  const head = ['', 'keys', 'per second', '/ bare', '/ nginx', 'CPU ms per 1,000', 'MB']
  const toBare = ({ rates, bareRates }: Measured) => medianRatio(rates, bareRates)
  const rows = servers.map((server) => {
    const { name, keys, rates, cpu, memory } = server
    const nginx = servers.find(
      (one) => one.name.startsWith('nginx') && one.keys === (keys ?? KEYS[0]),
    )
    return [
      name,
      keys === undefined ? '' : shown(keys),
      shown(median(rates)),
      shown(toBare(server), 2),
      nginx ? shown(toBare(server) / toBare(nginx), 2) : '–',
      shown(cpu / rates.length),
      shown(memory),
    ]
  })
  table(head, rows)
}

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
  /** Milliseconds for a thousand calls. */
  cpus: number[]
  memory: number | undefined
}

/**
 * What a call through the gateway costs, over each store and with ever more keys, beside nginx and
 * better-auth's API keys: each in turns with a bare proxy, and the gateways with each other and
 * with nginx, in one run, in front of one upstream.
 */
export async function benchCalls(): Promise<void> {
  const cluster = await startCluster({ isDurable: true }).catch(sayWhy('PostgreSQL'))
  const version = nginxVersion()
  if (version === undefined) say('nginx is left out: there is none here.')
  const upstream = await forkUpstream()
  const load = forkLoad()
  try {
    await withFolder(async (folder) => {
      const groups = groupsFor({ folder, upstream: upstream.url, cluster, version })
      const proxy = await forkTarget({
        kind: 'bareProxy',
        upstream: upstream.url,
        dataDir: folder,
        keys: 0,
      })
      const bare = nothingOf('bare proxy', undefined)
      prepare(load, bare, proxy)
      await load.run(idOf(bare), WARM_UP_MILLISECONDS)
      const measured: Measured[][] = []
      for (const group of groups) measured.push(await measureGroup(group, { bare, proxy, load }))
      bare.memory = memoryOf(proxy.pid)
      bare.bareRates = bare.rates
      await stop(proxy)
      print([[bare], ...measured])
    })
  } finally {
    await stop(load, upstream)
    await cluster?.remove()
  }
}

type Beside = { bare: Measured; proxy: Started; load: LoadMaker }

/** Starts all of a group and measures them in turns, the bare proxy between each two. */
async function measureGroup(
  candidates: readonly Candidate[],
  { bare, proxy, load }: Beside,
): Promise<Measured[]> {
  const servers = []
  for (const { name, keys, start } of candidates) {
    const server = { ...(await start()), measured: nothingOf(name, keys) }
    prepare(load, server.measured, server)
    await load.run(idOf(server.measured), WARM_UP_MILLISECONDS)
    servers.push(server)
  }
  let before = await measureOnce(bare, proxy, load, ROUND)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { measured, ...server } of servers) {
      const round = measured.name.startsWith(RECORDING) ? RECORDED_ROUND : ROUND
      await measureOnce(measured, server, load, round)
      const after = await measureOnce(bare, proxy, load, ROUND)
      measured.bareRates.push((before + after) / 2)
      before = after
    }
  }
  for (const { measured, pid, end } of servers) {
    measured.memory = memoryOf(pid)
    await end()
  }
  return servers.map(({ measured }) => measured)
}

const sayWhy = (what: string) => (error: unknown) => {
  say(`${what} is left out: ${error instanceof Error ? error.message : String(error)}`)
  return undefined
}

const idOf = ({ name, keys }: Measured) => `${name}, ${keys}`

function nothingOf(name: string, keys: number | undefined): Measured {
  return { name, keys, rates: [], bareRates: [], cpus: [], memory: undefined }
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

/** What is measured, one group after the other. */
function groupsFor({ folder, upstream, cluster, version }: Ports): Candidate[][] {
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
    [
      node('gateway, no checks', 'passThrough'),
      ...KEYS.map((keys) => node(`${RECORDING} SQLite`, 'gateway', keys)),
      ...(cluster ? KEYS : []).map((keys) =>
        node(`${RECORDING} PostgreSQL`, 'gateway', keys, true),
      ),
      ...(version === undefined ? [] : KEYS).map(nginx),
    ],
    KEYS.map((keys) => node('better-auth', 'betterAuth', keys)),
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
  one.cpus.push(((cpuOf(pid) ?? Number.NaN) - (before ?? Number.NaN)) / (calls / 1000))
  // What is left to be written would go on while the next is measured.
  await settle?.()
  return rate
}

function print(groups: readonly (readonly Measured[])[]): void {
  say(`Calls, ${CONNECTIONS} connections, median of ${ROUNDS} rounds in turns`)
  const head = [
    '',
    'keys',
    'per second',
    '/ bare',
    '/ 100 keys',
    '/ nginx',
    'CPU ms per 1,000',
    'MB',
  ]
  const toBare = ({ rates, bareRates }: Measured) => medianRatio(rates, bareRates)
  const rows = groups.flatMap((group) =>
    group.map((server) => {
      const { name, keys, rates, cpus, memory } = server
      const nginx = group.find(
        (one) => one.name.startsWith('nginx') && one.keys === (keys ?? KEYS[0]),
      )
      const fewest = group.find((one) => one.name === name)
      return [
        name,
        keys === undefined ? '' : shown(keys),
        shown(median(rates)),
        shown(toBare(server), 2),
        fewest && keys !== undefined ? shown(medianRatio(rates, fewest.rates), 2) : '–',
        nginx ? shown(medianRatio(rates, nginx.rates), 2) : '–',
        shown(median(cpus)),
        shown(memory),
      ]
    }),
  )
  table(head, rows)
}

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
  rateOf,
  stop,
  withFolder,
  type Child,
  type LoadMaker,
} from './bench-process.ts'

const KEYS = [100, 10_000, 100_000]
const CONNECTIONS = 32
const ROUNDS = 4
// Long enough for what is done every few seconds; the bare proxy goes before each other, so that
// both have the machine in one mood.
const ROUND_MILLISECONDS = 6000
const BARE_MILLISECONDS = 2000
const WARM_UP_MILLISECONDS = 1500

/** A server that is measured, and what was. */
type Measured = {
  name: string
  keys: number | undefined
  pid: number
  end: () => Promise<void>
  settle?: () => Promise<void>
  rates: number[]
  /** Of the bare proxy just before. */
  bareRates: number[]
  cpu: number
  memory: number | undefined
}

/**
 * What a call through the gateway costs, over each store and with ever more keys, beside a bare
 * proxy, nginx and better-auth's API keys: all in turns, in one run, in front of one upstream.
 */
export async function benchCalls(): Promise<void> {
  const cluster = await startCluster({ isDurable: true }).catch(sayWhy('PostgreSQL'))
  const version = nginxVersion()
  if (version === undefined) say('nginx is left out: there is none here.')
  const upstream = await forkUpstream()
  const load = forkLoad()
  await withFolder(async (folder) => {
    const servers: Measured[] = []
    try {
      for (const one of await startAll({
        folder,
        upstream: upstream.url,
        cluster,
        load,
        version,
      })) {
        servers.push(one)
      }
      for (const { name, keys } of servers) await load.run(idOf(name, keys), WARM_UP_MILLISECONDS)
      for (let round = 0; round < ROUNDS; round += 1) {
        // In turning order, so that no one always has the quiet moment.
        for (let turn = 0; turn < servers.length; turn += 1) {
          const one = servers[(round + turn) % servers.length]
          if (one && servers[0]) await measureOnce(one, servers[0], load)
        }
      }
      for (const one of servers) one.memory = memoryOf(one.pid)
    } finally {
      for (const { end } of servers) await end()
      await stop(load, upstream)
      await cluster?.remove()
    }
    print(servers)
  })
}

const sayWhy = (what: string) => (error: unknown) => {
  say(`${what} is left out: ${error instanceof Error ? error.message : String(error)}`)
  return undefined
}

const idOf = (name: string, keys: number | undefined) => `${name}, ${keys}`

type Ports = {
  folder: string
  upstream: string
  cluster: Cluster | undefined
  load: LoadMaker
  version: string | undefined
}

type Started = Pick<Measured, 'pid' | 'settle'> & { port: number; requests: string[] }

async function startAll({ folder, upstream, cluster, load, version }: Ports): Promise<Measured[]> {
  let count = 0
  const newFolder = () => {
    count += 1
    const path = join(folder, String(count))
    mkdirSync(path)
    return path
  }
  const measured = (
    name: string,
    keys: number | undefined,
    { pid, port, requests, settle }: Started,
    end: () => Promise<void>,
  ): Measured => {
    const how = { connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] }
    load.prepare(idOf(name, keys), { port, requests, ...how })
    const nothing = { rates: [], bareRates: [], cpu: 0, memory: undefined }
    return { name, keys, pid, end, ...(settle && { settle }), ...nothing }
  }
  type Kind = Parameters<typeof forkTarget>[0]['kind']
  const node = async (name: string, kind: Kind, keys?: number, databaseUrl?: string) => {
    const spec = { kind, upstream, dataDir: newFolder(), keys: keys ?? 0 }
    const target = await forkTarget({ ...spec, ...(databaseUrl !== undefined && { databaseUrl }) })
    return measured(name, keys, target, () => stop(target))
  }
  const all = [
    await node('bare proxy', 'bareProxy'),
    await node('gateway, no checks', 'passThrough'),
  ]
  for (const keys of KEYS) all.push(await node('gateway, SQLite', 'gateway', keys))
  for (const keys of cluster ? KEYS : []) {
    all.push(await node('gateway, PostgreSQL', 'gateway', keys, await cluster?.newDatabase()))
  }
  for (const keys of version === undefined ? [] : KEYS) {
    const nginx = await startNginx(upstream, newFolder(), keys)
    const child: Child = { child: nginx.process, pid: nginx.pid }
    all.push(measured(`nginx ${version}`, keys, nginx, () => stop(child)))
  }
  for (const keys of KEYS) all.push(await node('better-auth', 'betterAuth', keys))
  return all
}

async function measureOnce(one: Measured, bare: Measured, load: LoadMaker): Promise<void> {
  const bareRate = await load.run(idOf(bare.name, bare.keys), BARE_MILLISECONDS)
  const before = cpuOf(one.pid)
  const { settle } = one
  const how = { milliseconds: ROUND_MILLISECONDS, ...(settle && { settle }) }
  const rate = await rateOf(load, idOf(one.name, one.keys), how)
  one.rates.push(rate)
  one.bareRates.push(bareRate)
  one.cpu += (cpuOf(one.pid) ?? Number.NaN) - (before ?? Number.NaN)
}

function print(servers: readonly Measured[]): void {
  say(`Calls, ${CONNECTIONS} connections, median of ${ROUNDS} rounds in turns`)
  const head = ['', 'keys', 'per second', '/ bare', '/ nginx', 'CPU ms per 1,000', 'MB']
  const toBare = ({ rates, bareRates }: Measured) => medianRatio(rates, bareRates)
  const rows = servers.map((server) => {
    const { name, keys, rates, cpu, memory } = server
    const calls = rates.reduce((sum, rate) => sum + (rate * ROUND_MILLISECONDS) / 1000, 0)
    const nginx = servers.find(
      (one) => one.name.startsWith('nginx') && one.keys === (keys ?? KEYS[0]),
    )
    return [
      name,
      keys === undefined ? '' : shown(keys),
      shown(median(rates)),
      shown(toBare(server), 2),
      nginx ? shown(toBare(server) / toBare(nginx), 2) : '–',
      shown(cpu / (calls / 1000)),
      shown(memory),
    ]
  })
  table(head, rows)
}

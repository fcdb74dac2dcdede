import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { z } from 'zod'

const HOST = '127.0.0.1'
const USER = 'latchkey'
// Nobody checks it. It is here so that a test sees it where it must not be.
const PASSWORD = 'database-s3cret'
const START_TIMEOUT = 60_000

// Durable is a test's cluster only where a test is about that.
const UNSAFE_BUT_FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** How PostgreSQL is to stop: once all is done, or as after a crash. */
type StopMode = 'fast' | 'immediate'

/** A PostgreSQL of a test's own, in a temporary folder. */
export type Cluster = {
  /** Where a database of it is. */
  urlOf(database: string): string
  /** Makes an empty database of a name of its own. */
  newDatabase(): Promise<string>
  stop(mode?: StopMode): Promise<void>
  /** Starts it again, at the same address. */
  start(): Promise<void>
  /** Starts it again as a replica, which only follows another from then on. */
  startAsReplica(): Promise<void>
  /** Stops it for good and leaves nothing behind. */
  remove(): Promise<void>
}

type Options = {
  /** The port; any free one where none is given. */
  port?: number
  isDurable?: boolean
  /** How many connections it takes. */
  connections?: number
}

/** Starts a cluster. Rejects where there is no PostgreSQL on this machine. */
export async function startCluster({
  port: wanted,
  isDurable = false,
  connections = 400,
}: Options = {}): Promise<Cluster> {
  const port = wanted ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  const user = unprivileged()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = spawnSync(
    program('initdb'),
    // Ordered by the rules of a language, so that a store that relies on bytes is seen to.
    ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'].concat(
      '--locale-provider=icu',
      '--icu-locale=en',
    ),
    { ...user, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`, { cause: made.error })
  const settings = [
    `listen_addresses=${HOST}`,
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    `max_connections=${connections}`,
    ...(isDurable ? [] : UNSAFE_BUT_FAST),
  ].flatMap((setting) => ['-c', setting])
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    let output = ''
    const started = spawn(program('postgres'), ['-D', data, ...settings], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    started.stderr.on('data', (piece) => {
      output = `${output}${piece}`.slice(-4000)
    })
    child = started
    const deadline = Date.now() + START_TIMEOUT
    while (!(await answers(cluster.urlOf('postgres')))) {
      if (started.exitCode !== null || Date.now() > deadline) {
        throw new Error(`PostgreSQL doesn't start: ${output}`)
      }
      await delay(50)
    }
  }

  async function stop(mode: StopMode = 'fast'): Promise<void> {
    if (!child || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await exited
    child = undefined
  }

  const cluster: Cluster = {
    urlOf: (database) => `postgres://${USER}:${PASSWORD}@${HOST}:${port}/${database}`,
    newDatabase: () => newDatabaseBeside(cluster.urlOf('postgres')),
    start,
    stop,
    async startAsReplica() {
      await stop()
      writeFileSync(join(data, 'standby.signal'), '')
      await start()
    },
    async remove() {
      await stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await start().catch(async (error: unknown) => {
    await cluster.remove()
    throw error
  })
  return cluster
}

/** Makes an empty database in the cluster that another database is in. */
export async function newDatabaseBeside(url: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const client = new Client(url)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url)
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  // A user that always exists, where the package's own does not.
  return uid > 0 ? { uid, gid } : { uid: 65_534, gid: 65_534 }
}

/** Debian keeps the server's programs away from the PATH. */
function program(name: string): string {
  const packaged = '/usr/lib/postgresql'
  const versions = existsSync(packaged) ? readdirSync(packaged).toSorted().toReversed() : []
  const folders = [
    ...versions.map((version) => join(packaged, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  if (found === undefined) throw new Error(`there is no PostgreSQL here: ${name} is not found`)
  return found
}

const address = z.object({ port: z.int() })

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const { port } = address.parse(probe.address())
  probe.close()
  await once(probe, 'close')
  return port
}

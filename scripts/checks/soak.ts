import { parseArgs } from 'node:util'
import { median, say, shown, table } from '../../bench/print.ts'
import {
  cpuOf,
  forkLoad,
  forkTarget,
  forkUpstream,
  memoryOf,
  stop,
  withFolder,
} from '../../bench/process.ts'
import { startCluster } from '../../test/harness/postgres/postgres.ts'

/**
 * Whether a server bears the highest load that this machine gives for as long as is asked, without
 * an error and without taking more and more memory. Says so by its exit code too.
 *
 *   npm run check:soak [-- --minutes 10] [--store sqlite|postgresql]
 */
const KEYS = 10_000
const CONNECTIONS = 64
const SAMPLE_MILLISECONDS = 10_000
// What the heap takes before it is cleaned up comes and goes.
const GROWTH_MAX = 1.1
const GROWTH_MEGABYTES = 25

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    store: { type: 'string', default: 'sqlite' },
  },
})
const minutes = Number(values.minutes)
if (!(minutes > 0) || !['sqlite', 'postgresql'].includes(values.store)) {
  say('Usage: npm run check:soak [-- --minutes 10] [--store sqlite|postgresql]')
  process.exit(2)
}

type Sample = { rate: number; failures: number; memory: number; cpu: number }

async function takeSamples(dataDir: string, databaseUrl: string | undefined): Promise<Sample[]> {
  const [upstream, load, attacker] = [await forkUpstream(), forkLoad(), forkLoad()]
  const server = await forkTarget({
    kind: 'gateway',
    upstream: upstream.url,
    dataDir,
    keys: KEYS,
    ...(databaseUrl !== undefined && { databaseUrl }),
  })
  load.prepare('calls', { ...server, connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] })
  attacker.prepare('failures', {
    port: server.port,
    requests: [server.wrongSecret],
    connections: 2,
    from: '127.0.0.2',
    statuses: [401, 429],
  })
  const samples: Sample[] = []
  try {
    const until = Date.now() + minutes * 60_000
    while (Date.now() < until) {
      const before = cpuOf(server.pid) ?? Number.NaN
      const [rate, failures] = await Promise.all([
        load.run('calls', SAMPLE_MILLISECONDS),
        attacker.run('failures', SAMPLE_MILLISECONDS),
      ])
      const cpu = ((cpuOf(server.pid) ?? Number.NaN) - before) / SAMPLE_MILLISECONDS
      samples.push({ rate, failures, cpu, memory: memoryOf(server.pid) ?? Number.NaN })
    }
  } finally {
    await stop(load, attacker, server, upstream)
  }
  return samples
}

/** Whether memory was as at the beginning in the end. */
function report(samples: readonly Sample[]): boolean {
  const perMinute = Math.max(1, Math.round(60_000 / SAMPLE_MILLISECONDS))
  const rows: string[][] = []
  for (let from = 0; from < samples.length; from += perMinute) {
    const of = samples.slice(from, from + perMinute)
    const mean = (value: (sample: Sample) => number) =>
      of.reduce((sum, sample) => sum + value(sample), 0) / of.length
    rows.push([
      shown(from / perMinute + 1),
      shown(mean(({ rate }) => rate)),
      shown(mean(({ failures }) => failures)),
      shown(mean(({ cpu }) => cpu) * 100),
      shown(Math.max(...of.map(({ memory }) => memory))),
    ])
  }
  table(['minute', 'calls per second', 'refusals per second', 'CPU %', 'most MB'], rows)
  const third = Math.ceil(samples.length / 3)
  const memories = samples.map(({ memory }) => memory)
  // Of the first third, not what comes before the heap has found its size.
  const first = median(memories.slice(Math.floor(third / 3), third))
  const last = median(memories.slice(-third))
  const isFlat = last <= Math.max(first * GROWTH_MAX, first + GROWTH_MEGABYTES)
  const calls = samples.reduce((sum, { rate }) => sum + (rate * SAMPLE_MILLISECONDS) / 1000, 0)
  say(
    `${shown(calls)} calls without an error. Memory in the first third ${shown(first)} MB, in the last ${shown(last)} MB: ${isFlat ? 'flat' : 'growing'}.`,
  )
  return isFlat
}

const cluster = values.store === 'postgresql' ? await startCluster({ isDurable: true }) : undefined
try {
  const databaseUrl = await cluster?.newDatabase()
  const samples = await withFolder((dataDir) => takeSamples(dataDir, databaseUrl))
  if (!report(samples)) process.exitCode = 1
} finally {
  await cluster?.remove()
}

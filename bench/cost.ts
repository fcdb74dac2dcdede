import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { median, medianRatio, say, shown, table } from './print.ts'
import { forkLoad, forkTarget, forkUpstream, stop, withFolder, type LoadMaker } from './process.ts'

const KEYS = 100
const CONNECTIONS = 32
const WARM_UP_MILLISECONDS = 1500
// A few percent are to be seen. One server differs from the next of its kind by more, and the
// machine's moods by yet more: several of each, in many rounds.
const RECORDING = { servers: 3, rounds: 12, milliseconds: 2000 }
const GUARD = { rounds: 7, milliseconds: 1000 }

const GOOD = { connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] }
const ATTACKER = { connections: CONNECTIONS, from: '127.0.0.2', statuses: [401, 429] }

/** What the record of use costs. */
export async function benchRecording(): Promise<void> {
  await withFolder(async (folder) => {
    const [upstream, load] = [await forkUpstream(), forkLoad()]
    const servers: { name: string; kind: Kind; server: Server; rates: number[] }[] = []
    for (let instance = 0; instance < RECORDING.servers; instance += 1) {
      for (const kind of ['gateway', 'unrecorded'] as const) {
        const name = `${kind} ${instance}`
        const dataDir = join(folder, name)
        mkdirSync(dataDir)
        const server = await forkTarget({ kind, upstream: upstream.url, dataDir, keys: KEYS })
        const { port, requests } = server
        load.prepare(name, { port, requests, ...GOOD })
        servers.push({ name, kind, server, rates: [] })
        await load.run(name, WARM_UP_MILLISECONDS)
      }
    }
    for (let round = 0; round < RECORDING.rounds; round += 1) {
      const inTurn = round % 2 === 0 ? servers : servers.toReversed()
      for (const { name, rates, server } of inTurn) {
        rates.push(await rateOf(load, name, server))
      }
    }
    await stop(upstream, load, ...servers.map(({ server }) => server))
    const ofRounds = (wanted: Kind) =>
      Array.from({ length: RECORDING.rounds }, (_, round) => {
        const rates = servers.flatMap(({ kind, rates }) =>
          kind === wanted ? (rates[round] ?? []) : [],
        )
        return rates.reduce((sum, rate) => sum + rate, 0) / RECORDING.servers
      })
    const [recorded, unrecorded] = [ofRounds('gateway'), ofRounds('unrecorded')]
    const { rounds } = RECORDING
    say(`The record of use, ${RECORDING.servers} servers each, median of ${rounds} rounds in turns`)
    table(
      ['', 'calls per second'],
      [
        ['recorded', shown(median(recorded))],
        ['not recorded', shown(median(unrecorded))],
        ['recorded / not recorded', shown(medianRatio(recorded, unrecorded), 2)],
      ],
    )
  })
}

type Kind = 'gateway' | 'unrecorded'
type Server = Awaited<ReturnType<typeof forkTarget>>

/**
 * Calls per second over a round and over what it left to do: what is written every few seconds
 * belongs to the calls, and not to what is measured next.
 */
async function rateOf(load: LoadMaker, name: string, { settle }: Server): Promise<number> {
  const { milliseconds } = RECORDING
  const rate = await load.run(name, milliseconds)
  const start = performance.now()
  await settle()
  return (rate * milliseconds) / (milliseconds + performance.now() - start)
}

/** A good client alone and while another address failures the secret of its key. */
export async function benchGuard(): Promise<void> {
  await withFolder(async (dataDir) => {
    const [upstream, load, attacker] = [await forkUpstream(), forkLoad(), forkLoad()]
    const spec = { kind: 'gateway', upstream: upstream.url, dataDir, keys: KEYS } as const
    const server = await forkTarget(spec)
    load.prepare('good', { ...server, ...GOOD })
    attacker.prepare('wrongSecret', {
      port: server.port,
      requests: [server.wrongSecret],
      ...ATTACKER,
    })
    const both = () =>
      Promise.all([
        load.run('good', GUARD.milliseconds),
        attacker.run('wrongSecret', GUARD.milliseconds),
      ])
    for (let round = 0; round < 2; round += 1) await both()
    const rounds: { alone: number; attacked: number; failures: number }[] = []
    for (let round = 0; round < GUARD.rounds; round += 1) {
      const alone = await load.run('good', GUARD.milliseconds)
      const [attacked, failures] = await both()
      rounds.push({ alone, attacked, failures })
    }
    await stop(upstream, load, attacker, server)
    say(`A good client whose secret another failures, median of ${GUARD.rounds} rounds`)
    table(
      ['', 'calls per second'],
      [
        ['alone', shown(median(rounds.map(({ alone }) => alone)))],
        ['while its secret is attacked', shown(median(rounds.map(({ attacked }) => attacked)))],
        ['failures answered', shown(median(rounds.map(({ failures }) => failures)))],
        [
          'attacked / alone',
          shown(median(rounds.map(({ alone, attacked }) => attacked / alone)), 2),
        ],
      ],
    )
  })
}

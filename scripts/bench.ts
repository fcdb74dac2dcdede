import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { catalogs, measureDecisions } from './bench-decisions.ts'
import { measure, portOf, startUpstream } from './bench-load.ts'
import { targets, type TargetName } from './bench-targets.ts'

/**
 * Measures and prints ratios: the gateway against itself without a record of use, against the
 * same server that passes everything through, and against a bare proxy; the access rules with
 * few and with many operations.
 * Server, upstream and load are processes of their own, on loopback.
 */
const ROUNDS = 15
const ROUND_MILLISECONDS = 500
// A few percent are to be seen: many short rounds, so that the machine's moods even out.
const RECORDING = { rounds: 60, milliseconds: 250 }
const WARM_UP_MILLISECONDS = 1500
const CONNECTIONS = 32
const DECISION_MILLISECONDS = 1000
const GUARD_ROUNDS = 7

const GOOD = { connections: CONNECTIONS, from: '127.0.0.1', statuses: [200] }
const GUESSER = { connections: CONNECTIONS, from: '127.0.0.2', statuses: [401, 429] }

const targetSchema = z.object({ port: z.number(), request: z.string() })
const guardedSchema = targetSchema.extend({ guess: z.string() })
const loadSchema = targetSchema.extend({
  connections: z.number(),
  milliseconds: z.number(),
  from: z.string(),
  statuses: z.array(z.number()),
})
const nameSchema = z.enum(['gateway', 'unrecorded', 'passThrough', 'bareProxy'])

function start(role: string, ...args: string[]): ChildProcess {
  return fork(import.meta.filename, [role, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

async function messageOf<Schema extends z.ZodType>(
  child: ChildProcess,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const [message] = await once(child, 'message')
  return schema.parse(message)
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

const count = (value: number) => Math.round(value).toLocaleString('en').padStart(11)
const say = (line: string) => process.stdout.write(`${line}\n`)

type Rounds = { rounds: number; milliseconds: number }

/** Measures servers in turns, each in a process of its own; calls per second, round by round. */
async function measureInTurns(
  names: readonly TargetName[],
  { rounds, milliseconds }: Rounds,
): Promise<(name: TargetName) => readonly number[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const upstream = start('upstream')
  const load = start('load')
  const url = `http://127.0.0.1:${await messageOf(upstream, z.number())}`
  const children = new Map(
    names.map((name): [TargetName, ChildProcess] => [name, start(name, url, dataDir)]),
  )
  const rates = new Map<TargetName, number[]>()
  const ready = await Promise.all(
    [...children].map(async ([name, child]) => ({
      name,
      target: await messageOf(child, targetSchema),
    })),
  )
  const run = (target: z.infer<typeof targetSchema>, duration: number) => {
    load.send({ ...target, ...GOOD, milliseconds: duration })
    return messageOf(load, z.number())
  }
  for (const { target } of ready) await run(target, WARM_UP_MILLISECONDS)
  for (let round = 0; round < rounds; round += 1) {
    // One after the other, in turning order, so that no one always has the quiet moment.
    for (let turn = 0; turn < ready.length; turn += 1) {
      const one = ready[(round + turn) % ready.length]
      if (!one) continue
      const measured = await run(one.target, milliseconds)
      rates.set(one.name, [...(rates.get(one.name) ?? []), measured])
    }
  }
  const all = [upstream, load, ...children.values()]
  await Promise.all(all.map((child) => (child.kill(), once(child, 'exit'))))
  rmSync(dataDir, { recursive: true })

  return (name) => rates.get(name) ?? []
}

/** Round by round, so that a busy moment of the machine weighs on both sides of a ratio. */
function ratioOf(some: readonly number[], others: readonly number[]): string {
  const ratios = others.map((rate, round) => (some[round] ?? 0) / rate)
  return median(ratios).toFixed(2).padStart(11)
}

async function benchGateway(): Promise<void> {
  const ratesOf = await measureInTurns(['gateway', 'passThrough', 'bareProxy'], {
    rounds: ROUNDS,
    milliseconds: ROUND_MILLISECONDS,
  })
  const gateway = ratesOf('gateway')
  say(`Calls per second, ${CONNECTIONS} connections, median of ${ROUNDS} rounds`)
  say(`  the gateway                  ${count(median(gateway))}`)
  say(`  passing through, unchecked   ${count(median(ratesOf('passThrough')))}`)
  say(`  a bare node:http + undici    ${count(median(ratesOf('bareProxy')))}`)
  say(`  gateway / passing through    ${ratioOf(gateway, ratesOf('passThrough'))}`)
  say(`  gateway / bare proxy         ${ratioOf(gateway, ratesOf('bareProxy'))}`)
}

/** What the record of use costs. */
async function benchRecording(): Promise<void> {
  const ratesOf = await measureInTurns(['gateway', 'unrecorded'], RECORDING)
  const [recording, without] = [ratesOf('gateway'), ratesOf('unrecorded')]
  say(`The record of use, calls per second, median of ${RECORDING.rounds} rounds`)
  say(`  recorded                     ${count(median(recording))}`)
  say(`  not recorded                 ${count(median(without))}`)
  say(`  recorded / not recorded      ${ratioOf(recording, without)}`)
}

/** A good client alone and while another address guesses the secret of its key. */
async function benchGuard(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const [upstream, load, guesser] = [start('upstream'), start('load'), start('load')]
  const url = `http://127.0.0.1:${await messageOf(upstream, z.number())}`
  const server = start('gateway', url, dataDir)
  const { port, request, guess } = await messageOf(server, guardedSchema)
  const milliseconds = 2 * ROUND_MILLISECONDS
  const callOn = () => {
    load.send({ port, request, ...GOOD, milliseconds })
    return messageOf(load, z.number())
  }
  const guessOn = () => {
    guesser.send({ port, request: guess, ...GUESSER, milliseconds })
    return messageOf(guesser, z.number())
  }
  for (let round = 0; round < 2; round += 1) await Promise.all([callOn(), guessOn()])
  const rounds: { alone: number; attacked: number; guesses: number }[] = []
  for (let round = 0; round < GUARD_ROUNDS; round += 1) {
    const alone = await callOn()
    const [attacked, guesses] = await Promise.all([callOn(), guessOn()])
    rounds.push({ alone, attacked, guesses })
  }
  const all = [upstream, load, guesser, server]
  await Promise.all(all.map((child) => (child.kill(), once(child, 'exit'))))
  rmSync(dataDir, { recursive: true })

  say(
    `A good client's calls per second, ${CONNECTIONS} connections, median of ${GUARD_ROUNDS} rounds`,
  )
  say(`  alone                        ${count(median(rounds.map(({ alone }) => alone)))}`)
  say(`  while its secret is guessed  ${count(median(rounds.map(({ attacked }) => attacked)))}`)
  say(`  guesses answered per second  ${count(median(rounds.map(({ guesses }) => guesses)))}`)
  const ratio = median(rounds.map(({ alone, attacked }) => attacked / alone))
  say(`  guessed at / alone           ${ratio.toFixed(2).padStart(11)}`)
}

function benchDecisions(): void {
  const rates = Object.values(catalogs).map((catalogOf) => {
    const catalog = catalogOf()
    measureDecisions(catalog, DECISION_MILLISECONDS / 4)
    const rate = measureDecisions(catalog, DECISION_MILLISECONDS)
    return { operations: catalog.operations.length, rate }
  })
  say('Decisions per second')
  for (const { operations, rate } of rates) {
    say(`  with ${String(operations).padStart(3)} operations          ${count(rate)}`)
  }
  const [few, many] = rates
  if (few && many) {
    say(`  many / few                   ${(many.rate / few.rate).toFixed(2).padStart(11)}`)
  }
}

const [role, upstream = '', dataDir = ''] = process.argv.slice(2)
const name = nameSchema.safeParse(role).data
if (name) {
  process.send?.(await targets[name](upstream, dataDir))
} else if (role === 'upstream') {
  process.send?.(portOf(await startUpstream()))
} else if (role === 'load') {
  process.on('message', (message) => {
    void measure(loadSchema.parse(message)).then((rate) => process.send?.(rate))
  })
} else {
  await benchGateway()
  await benchRecording()
  await benchGuard()
  benchDecisions()
}

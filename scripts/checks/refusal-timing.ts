import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { KEY_POLICY } from '../../src/throttle/policy.ts'
import { compareSamples, median, trimmed, type Comparison } from './compare-samples.ts'
import {
  CONTROL,
  REFERENCE,
  fillStore,
  shuffled,
  startRefusingServer,
  type RefusedCall,
} from './refusal-timing-server.ts'

/**
 * Whether the time of a refusal tells why: samples of every refusal in random order, each
 * compared with a wrong secret's. End to end over a connection, no refusal may be told from it
 * by a Mann-Whitney U test. In the gateway alone nearly all noise is gone and any two pieces of
 * code differ: there the medians have to be so close that no connection could carry the
 * difference. Says so by its exit code too. Takes about a minute, and wants a quiet machine.
 */
const LEVEL = 0.01
// Of medians, in microseconds: half of the least difference that was ever seen over loopback,
// with as many samples.
const MARGIN = 0.5
const TRIMMED = 0.05
const HANDLED_SAMPLES = 20_000
const SENT_SAMPLES = 5000
const WARM_UP_ROUNDS = 2000
// As many rounds as are refused without a wait: then it's another address's turn.
const ROUNDS_PER_ADDRESS = Math.min(KEY_POLICY.identity.free, 8)

type Samples = Map<string, number[]>

const say = (line: string) => process.stdout.write(`${line}\n`)

function samplesOf(rounds: readonly RefusedCall[][]): Samples {
  return new Map(rounds.flat().map(({ kind }) => [kind, []]))
}

function callsOf(rounds: readonly RefusedCall[][], round: number): readonly RefusedCall[] {
  return rounds.at(round % rounds.length) ?? []
}

/** Loopback addresses, each another. */
function* addresses(): Generator<string, never> {
  for (let at = 256; ; at += 1) yield `127.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`
}

/** Microseconds in the gateway, from the parsed request to the answer. */
async function sampleHandling(
  gateway: Gateway,
  rounds: readonly RefusedCall[][],
  { status, isNewAddress }: { status: number; isNewAddress: boolean },
): Promise<Samples> {
  const samples = samplesOf(rounds)
  const { signal } = new AbortController()
  const others = addresses()
  let address = '203.0.113.7'
  for (let round = -WARM_UP_ROUNDS; round < HANDLED_SAMPLES; round += 1) {
    if (isNewAddress && round % ROUNDS_PER_ADDRESS === 0) address = others.next().value
    for (const { kind, deploymentId, authorization } of shuffled(callsOf(rounds, round))) {
      const target = { deploymentId, apiPath: '/v5/clients', rawQuery: '' }
      const headers = { host: 'localhost', authorization }
      const started = process.hrtime.bigint()
      const answer = await gateway.handle({
        method: 'GET',
        target,
        requestId: '',
        address,
        headers,
        body: null,
        signal,
      })
      const took = Number(process.hrtime.bigint() - started) / 1000
      if (answer.status !== status && kind !== CONTROL) throw new Error(`${kind}: ${answer.status}`)
      if (round >= 0) samples.get(kind)?.push(took)
    }
  }
  return samples
}

/** Microseconds from sending a request to the first byte of its answer. */
async function sampleSending(port: number, rounds: readonly RefusedCall[][]): Promise<Samples> {
  const samples = samplesOf(rounds)
  const others = addresses()
  let taken = -WARM_UP_ROUNDS
  while (taken < SENT_SAMPLES) {
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: others.next().value,
      noDelay: true,
    })
    await once(socket, 'connect')
    const ask = async ({ kind, deploymentId, authorization }: RefusedCall) => {
      const request = `GET /${deploymentId}/api/v5/clients HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n\r\n`
      const started = process.hrtime.bigint()
      const answered = new Promise<string>((resolve, reject) => {
        socket.once('error', reject)
        socket.once('data', (piece) => {
          const took = Number(process.hrtime.bigint() - started) / 1000
          socket.off('error', reject)
          if (taken >= 0) samples.get(kind)?.push(took)
          resolve(String(piece))
        })
      })
      socket.write(request)
      const answer = await answered
      if (!answer.startsWith('HTTP/1.1 401 ')) throw new Error(`${kind}: ${answer}`)
    }
    for (let round = 0; round < ROUNDS_PER_ADDRESS && taken < SENT_SAMPLES; round += 1) {
      for (const call of shuffled(callsOf(rounds, taken))) await ask(call)
      taken += 1
    }
    socket.destroy()
  }
  return samples
}

type Verdict = (comparison: Comparison, level: number) => boolean

const differs: Verdict = ({ chance }, level) => chance < level
const differsByMore: Verdict = ({ interval: [low, high] }) => low < -MARGIN || high > MARGIN

const COLUMNS = ['median µs', 'difference', 'interval', 'superiority', 'p']
const row = (kind: string, cells: readonly string[]) =>
  say(kind.padEnd(26) + cells.map((cell) => cell.padStart(16)).join(''))

/** Prints the table; true where no refusal can be told from a wrong secret, but the control can. */
function report(title: string, samples: Samples, isToldApart: Verdict): boolean {
  const kept = new Map([...samples].map(([kind, values]) => [kind, trimmed(values, TRIMMED)]))
  const reference = kept.get(REFERENCE) ?? []
  const kinds = [...kept.keys()].filter((kind) => kind !== REFERENCE)
  // Bonferroni: one of so many comparisons is this unlikely by chance.
  const level = LEVEL / kinds.length
  const count = samples.get(REFERENCE)?.length
  say(`\n${title}: ${count} samples each, the slowest ${TRIMMED * 100} % left out`)
  row('', COLUMNS)
  row(REFERENCE, [median(Float64Array.from(reference)).toFixed(2)])
  let isGood = true
  for (const kind of kinds) {
    const values = kept.get(kind) ?? []
    const comparison = compareSamples(values, reference, Math.random, level)
    const isTold = isToldApart(comparison, level)
    if (isTold !== (kind === CONTROL)) isGood = false
    const { difference, interval, superiority, chance } = comparison
    row(kind, [
      median(Float64Array.from(values)).toFixed(2),
      difference.toFixed(2),
      interval.map((bound) => bound.toFixed(2)).join(' … '),
      superiority.toFixed(3),
      chance.toExponential(1),
      isTold ? 'told apart' : 'alike',
    ])
  }
  return isGood
}

async function check(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-refusals-'))
  const { store, rounds, gatewayAt } = await fillStore(dataDir)
  const fresh = await sampleHandling(
    gatewayAt(() => new Date()),
    rounds,
    { status: 401, isNewAddress: true },
  )
  const results = [report('In the gateway, 401', fresh, differsByMore)]

  // A clock that stands still: whoever was told to wait once, is told so for good.
  const start = new Date()
  const waiting = gatewayAt(() => start)
  for (const { deploymentId, authorization } of rounds.flat()) {
    const target = { deploymentId, apiPath: '/v5/clients', rawQuery: '' }
    const call = {
      method: 'GET',
      target,
      requestId: '',
      address: '203.0.113.7',
      headers: { authorization },
      body: null,
    }
    for (let at = 0; at < KEY_POLICY.identity.free; at += 1) {
      await waiting.handle({ ...call, signal: new AbortController().signal })
    }
  }
  const slowed = await sampleHandling(waiting, rounds, { status: 429, isNewAddress: false })
  results.push(report('In the gateway, 429 while told to wait', slowed, differsByMore))
  await store.close()
  rmSync(dataDir, { recursive: true })

  const served = mkdtempSync(join(tmpdir(), 'latchkey-refusals-'))
  const server = fork(import.meta.filename, ['serve', served])
  const [message] = await once(server, 'message')
  const call = z.object({ kind: z.string(), deploymentId: z.string(), authorization: z.string() })
  const ready = z.object({ port: z.number(), rounds: z.array(z.array(call)) }).parse(message)
  results.push(report('End to end, 401', await sampleSending(ready.port, ready.rounds), differs))
  server.kill()
  await once(server, 'exit')
  rmSync(served, { recursive: true })

  const isGood = results.every(Boolean)
  say(
    `\nAt a level of ${LEVEL}, ${isGood ? 'no refusal can be told from another' : 'something can be told apart, or the control can not'}.`,
  )
  if (!isGood) process.exitCode = 1
}

const [role, dataDir = ''] = process.argv.slice(2)
if (role === 'serve') process.send?.(await startRefusingServer(dataDir))
else await check()

import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { RetainedMessages } from './retained.ts'

type Recipient = { filters: Set<string> | undefined }

function newRetained(topics: readonly string[]): RetainedMessages<Recipient> {
  const retained = new RetainedMessages<Recipient>(({ filters }) => filters)
  for (const topic of topics) retained.store({ cmd: 'publish', topic, payload: 'x' })
  return retained
}

const range = (length: number, name: (at: number) => string) =>
  Array.from({ length }, (_, at) => name(at))
// As bad as it gets: each comparison goes through to the last level.
const topics = range(100, (at) => `${at}${'/x'.repeat(89)}`)
const hostile = range(1000, (at) => `${'+/'.repeat(89)}${at}`)

/** Subscribes somebody, and gives the topics of what they get, as far as it has come. */
function subscribe(
  retained: RetainedMessages<Recipient>,
  recipient: Recipient,
  filters: readonly string[],
): { got: string[]; stream: Readable } {
  recipient.filters = new Set([...(recipient.filters ?? []), ...filters])
  const got: string[] = []
  const stream = retained.streamFor(recipient, filters)
  stream.on('data', ({ topic }) => got.push(topic))
  return { got, stream }
}

async function turnsUntilEnd(stream: Readable): Promise<number> {
  let turns = 0
  for (; !stream.closed; turns += 1) await nextTurn()
  return turns
}

it('lets everything else go on while it looks for what a hostile SUBSCRIBE gets', async () => {
  const retained = newRetained([...topics, 'last'])
  const { got, stream } = subscribe(retained, { filters: undefined }, [...hostile, '#', 'last'])
  expect(await turnsUntilEnd(stream)).toBeGreaterThan(1)
  expect(got).toHaveLength(101)

  const nothing = subscribe(retained, { filters: undefined }, hostile)
  expect(await turnsUntilEnd(nothing.stream)).toBeGreaterThan(200)
  expect(nothing.got).toEqual([])
})

it('keeps a message without what came along with it', async () => {
  const retained = newRetained([])
  const payload = Buffer.alloc(65_536, 'x').subarray(10, 13)
  retained.store({ cmd: 'publish', topic: 'a', payload })
  const stream = retained.streamFor({ filters: new Set('a') }, ['a'])
  const [packet] = await stream.toArray()
  expect(packet.payload).toEqual(payload)
  expect(packet.payload.buffer.byteLength).toBe(3)
})

it('does not keep who asks for little behind who asks for much', async () => {
  const retained = newRetained([...topics, 'last'])
  const order: string[] = []
  const evil = subscribe(retained, { filters: undefined }, hostile)
  const good = subscribe(retained, { filters: undefined }, ['last'])
  await Promise.all([
    finished(evil.stream).then(() => order.push('evil')),
    finished(good.stream).then(() => order.push('good')),
  ])
  expect(order).toEqual(['good', 'evil'])
  expect(good.got).toEqual(['last'])
})

it('stops when its client goes', async () => {
  const retained = newRetained(topics)
  const gone: Recipient = { filters: undefined }
  const { got, stream } = subscribe(retained, gone, hostile)
  gone.filters = undefined
  expect(await turnsUntilEnd(stream)).toBeLessThan(10)
  expect(got).toEqual([])
})

it('sends what is subscribed to meanwhile after the rest, unless that has ended again', async () => {
  const retained = newRetained(['a', 'b', 'c', ...topics])
  const client: Recipient = { filters: undefined }
  const { got, stream } = subscribe(retained, client, ['c', ...hostile])
  await nextTurn()
  for (const filter of ['b', 'a', 'c', '+']) subscribe(retained, client, [filter])
  client.filters?.delete('b')
  client.filters?.delete('+')
  await finished(stream)
  expect(got).toEqual(['c', 'a', 'c'])
  const again = subscribe(retained, client, ['a'])
  await finished(again.stream)
  expect(again.got).toEqual(['a'])
})

it('looks no further for filters that have ended, however many there were', async () => {
  const retained = newRetained(topics)
  const client: Recipient = { filters: undefined }
  const { got, stream } = subscribe(retained, client, hostile)
  await nextTurn()
  for (const filter of range(5000, (at) => `${at}/#`)) {
    subscribe(retained, client, [filter])
    client.filters?.delete(filter)
  }
  await finished(stream)
  expect(got).toEqual([])
})

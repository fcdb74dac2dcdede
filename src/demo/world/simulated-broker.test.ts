import { describe, expect, test } from 'vitest'
import { noBrokerChanges, simulatedBroker, type BrokerChanges } from './simulated-broker.ts'

const START = Date.parse('2026-11-01T00:00:00Z')
const NOON = Date.parse('2026-11-23T12:00:00Z')
const SUBSCRIPTION = { qos: 1, nl: 0, rap: 0, rh: 0 } as const

function open({
  seed = 'a',
  at = NOON,
  start = START,
  changes = noBrokerChanges(),
}: { seed?: string; at?: number; start?: number; changes?: BrokerChanges } = {}) {
  let time = at
  const broker = simulatedBroker({
    seed,
    fleet: { kind: 'pump', size: 100, rate: 1 },
    sessionLimit: 500,
    start: new Date(start),
    now: () => new Date(time),
    changes,
  })
  return {
    broker,
    changes,
    later: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

const idsOf = ({ broker }: ReturnType<typeof open>) =>
  [...broker.clients()].map(({ clientId }) => clientId)

describe('The simulated broker', () => {
  test('is the same for the same seed and time, and another for another', () => {
    expect([...open().broker.clients()]).toEqual([...open().broker.clients()])
    expect(idsOf(open())).not.toEqual(idsOf(open({ seed: 'b' })))
    expect(open().broker.history.messagesIn.rates()).toEqual(
      open().broker.history.messagesIn.rates(),
    )
  })

  test('has devices that come and go, and most that stay', () => {
    const one = open()
    const before = new Set(idsOf(one))
    one.later(180_000)
    const after = idsOf(one)
    const stayed = after.filter((id) => before.has(id))
    expect(stayed.length).toBeGreaterThan(80)
    expect(after).not.toEqual([...before])
  })

  test('fills up in the minutes after it starts', () => {
    const one = open({ start: NOON })
    expect(idsOf(one)).toEqual([])
    one.later(120_000)
    expect(idsOf(one).length).toBeGreaterThan(80)
  })

  test('counts in its charts what it shows', () => {
    const { broker, later } = open()
    expect(broker.history.sessions.current).toBe([...broker.clients()].length)
    expect(broker.history.subscriptions.current).toBe([...broker.subscriptions()].length)
    later(10_000)
    expect(broker.history.sessions.current).toBe([...broker.clients()].length)
  })

  test('has the same charts when it is opened again as when it had run on', () => {
    const ran = open()
    expect(ran.broker.history.messagesIn.rates()).toHaveLength(60)
    ran.later(30_000)
    const opened = open({ at: NOON + 30_000 })
    expect(opened.broker.history.messagesIn.rates()).toEqual(ran.broker.history.messagesIn.rates())
    expect(opened.broker.history.sessions.values()).toEqual(ran.broker.history.sessions.values())
  })

  test('forgets a kicked client, and stays so when it is opened again', async () => {
    const { broker, changes } = open()
    const [first] = broker.clients()
    const clientId = first?.clientId ?? ''
    expect(await broker.kick(clientId)).toBe(true)
    expect(await broker.kick(clientId)).toBe(false)
    expect(broker.client(clientId)).toBeUndefined()
    expect([...broker.subscriptionsOf(clientId)]).toEqual([])
    expect(open({ changes }).broker.client(clientId)).toBeUndefined()
  })

  test('subscribes and unsubscribes a client, with effect on what is published', async () => {
    const { broker, changes } = open()
    const [first] = broker.clients()
    const clientId = first?.clientId ?? ''
    const message = { topic: 'hall/7', payload: new Uint8Array(), qos: 0, retain: false } as const
    expect(await broker.publish(message)).toBe(0)
    await broker.subscribe(clientId, { ...SUBSCRIPTION, topic: 'hall/+' })
    await broker.subscribe(clientId, { ...SUBSCRIPTION, qos: 2, topic: 'hall/+' })
    expect([...broker.subscriptionsOf(clientId)].filter(({ topic }) => topic === 'hall/+')).toEqual(
      [{ clientId, topic: 'hall/+', qos: 2, nl: 0, rap: 0, rh: 0 }],
    )
    expect(await broker.publish(message)).toBe(1)
    expect(await open({ changes }).broker.publish(message)).toBe(1)
    await broker.unsubscribe(clientId, 'hall/+')
    expect(await broker.publish(message)).toBe(0)
  })

  test('shows what was published in the charts, when it is opened again too', async () => {
    const quiet = open()
    const { broker, changes, later } = open()
    const message = {
      topic: 'pump/x',
      payload: new Uint8Array(),
      qos: 0,
      retain: false,
    } as const
    for (let count = 0; count < 20; count += 1) await broker.publish(message)
    later(2000)
    quiet.later(2000)
    const added = (one: ReturnType<typeof open>) =>
      (one.broker.history.messagesIn.counts().at(-1) ?? 0) -
      (quiet.broker.history.messagesIn.counts().at(-1) ?? 0)
    expect(added({ ...quiet, broker })).toBe(20)
    expect(added(open({ at: NOON + 2000, changes }))).toBe(20)
  })

  test('knows no client that it has not', async () => {
    const { broker } = open()
    expect(await broker.subscribe('nobody', { ...SUBSCRIPTION, topic: 'x' })).toEqual({
      outcome: 'noClient',
    })
    expect(await broker.unsubscribe('nobody', 'x')).toBe(false)
  })
})

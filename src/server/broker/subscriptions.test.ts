import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BrokerSubscription } from '../../backends/broker/broker.ts'
import { matchesFilter } from '../../backends/broker/topics.ts'
import { SubscriptionIndex, subscriptionBytes } from './subscriptions.ts'

const words = fc.constantFrom('a', 'b', '$x')
const topics = fc.array(words, { minLength: 1, maxLength: 3 }).map((levels) => levels.join('/'))
const filters = fc
  .tuple(fc.array(fc.oneof(words, fc.constant('+')), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))

const steps = fc.array(
  fc.record({
    adds: fc.boolean(),
    clientId: fc.constantFrom('one', 'two', 'three'),
    topic: filters,
    qos: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
  }),
  { maxLength: 30 },
)

it('finds the same as reading every subscription would', () => {
  fc.assert(
    fc.property(steps, topics, (taken, topic) => {
      const index = new SubscriptionIndex()
      const plain = new Map<string, BrokerSubscription>()
      for (const { adds, ...rest } of taken) {
        const subscription: BrokerSubscription = { ...rest, nl: 0, rap: 0, rh: 0 }
        const key = JSON.stringify([rest.clientId, rest.topic])
        if (adds) plain.set(key, subscription)
        else plain.delete(key)
        if (adds) index.add(subscription)
        else index.delete(subscription)
      }
      expect(index.size).toBe(plain.size)
      const bytes = [...plain.values()].map(({ topic }) => subscriptionBytes(topic))
      expect(index.bytes).toBe(bytes.reduce((sum, one) => sum + one, 0))

      const expected = new Map<string, number>()
      for (const { clientId, topic: filter, qos } of plain.values()) {
        if (!matchesFilter(topic, filter)) continue
        expected.set(clientId, Math.max(qos, expected.get(clientId) ?? 0))
      }
      const found = new Map<string, number>()
      for (const [clientId, { qos }] of index.matching(topic)) found.set(clientId, qos)
      expect(found).toEqual(expected)
    }),
  )
})

import { expect, it } from 'vitest'
import { OutgoingQueue, ownPayload, type StoredPacket } from './queue.ts'

const message = (brokerCounter: number, payload = 'x'): StoredPacket => {
  return { cmd: 'publish', brokerId: 'b', brokerCounter, topic: 't', payload, qos: 2 }
}

function newQueue(max = 1000) {
  const budget = { used: 0, max }
  return { budget, queue: new OutgoingQueue(budget) }
}

it('keeps a payload without what came along with it', () => {
  const chunk = Buffer.alloc(65_536, 'x')
  const own = ownPayload(chunk.subarray(10, 13))
  expect(own).toEqual(Buffer.from('xxx'))
  expect(typeof own === 'object' && own.buffer.byteLength).toBe(3)
  expect(ownPayload('text')).toBe('text')
})

it('follows a QoS 2 message to its end', () => {
  const { budget, queue } = newQueue()
  queue.add(message(1))
  queue.add(message(2))
  queue.update({ ...message(2), messageId: 7 })
  queue.update({ cmd: 'pubrel', messageId: 7 })
  expect(queue.packets()).toMatchObject([{ brokerCounter: 1 }, { cmd: 'pubrel', messageId: 7 }])
  expect(queue.remove(7)).toMatchObject({ cmd: 'pubrel' })
  expect(queue.packets()).toMatchObject([{ brokerCounter: 1 }])
  expect(budget.used).toBe(2)
  queue.clear()
  expect([queue.packets(), budget.used]).toEqual([[], 0])
})

it('tells two messages apart whose handshakes run at once', () => {
  const { queue } = newQueue()
  queue.add(message(1))
  queue.add(message(2))
  queue.update({ ...message(1), messageId: 7 })
  queue.update({ ...message(2), messageId: 8 })
  queue.update({ cmd: 'pubrel', messageId: 7 })
  queue.update({ cmd: 'pubrel', messageId: 8 })
  expect(queue.packets().map(({ messageId }) => messageId)).toEqual([7, 8])
})

it('leaves alone what never went out', () => {
  const { queue } = newQueue()
  queue.add(message(1))
  expect(queue.remove(undefined)).toBeUndefined()
  expect(queue.remove(9)).toBeUndefined()
  expect(queue.packets()).toHaveLength(1)
})

it('shares its room with the other queues of a broker', () => {
  const { budget, queue } = newQueue(10)
  const other = new OutgoingQueue(budget)
  queue.add(message(1, 'x'.repeat(8)))
  other.add(message(1, 'x'.repeat(8)))
  expect(other.packets()).toEqual([])
  queue.clear()
  other.add(message(2, 'x'.repeat(8)))
  expect(other.packets()).toHaveLength(1)
})

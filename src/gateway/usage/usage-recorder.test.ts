import { beforeEach, expect, test } from 'vitest'
import type { UsageBatch } from '../../store/usage/usage-batch.ts'
import type { RecordedCall } from './usage-counts.ts'
import { UsageRecorder } from './usage-recorder.ts'

let time: number
let written: UsageBatch[]
let errors: unknown[]
let write: (batch: UsageBatch) => Promise<void>
let recorder: UsageRecorder

beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00.000Z')
  written = []
  errors = []
  write = async (batch) => void written.push(batch)
  recorder = new UsageRecorder({
    now: () => new Date(time),
    write: (batch) => write(batch),
    onError: (error) => errors.push(error),
  })
})

const address = '192.0.2.7'

function call(more: Partial<RecordedCall> = {}): void {
  recorder.recordCall({
    at: new Date(time),
    appId: 'k1',
    operation: 'GET /clients',
    outcome: 'allowed',
    address,
    oldSecretHash: null,
    deniedReason: null,
    ...more,
  })
}

const sumOf = (batches: readonly UsageBatch[]) =>
  batches.flatMap(({ calls }) => calls).reduce((sum, row) => sum + row.calls, 0)

test('sums up calls by key, operation, outcome and hour', async () => {
  call()
  time += 1000
  call()
  call({ outcome: 'failed' })
  call({ appId: 'k2' })
  time = Date.parse('2026-03-01T13:00:00.000Z')
  call()
  await recorder.flush()
  const row = {
    appId: 'k1',
    operation: 'GET /clients',
    outcome: 'allowed',
    calls: 1,
    lastAddress: address,
  }
  const hour = '2026-03-01T12:00:00.000Z'
  const lastAt = '2026-03-01T12:00:01.000Z'
  expect(written).toHaveLength(1)
  expect(written[0]?.calls).toEqual([
    { ...row, hour, calls: 2, lastAt },
    { ...row, hour, outcome: 'failed', lastAt },
    { ...row, hour: '2026-03-01T13:00:00.000Z', lastAt: '2026-03-01T13:00:00.000Z' },
    { ...row, hour, appId: 'k2', lastAt },
  ])
})

test('only allowed calls are uses; the last of each secret is kept, and each address', async () => {
  call({ oldSecretHash: 'older', operation: 'GET /rules' })
  call({ oldSecretHash: 'old' })
  time += 1000
  call({ oldSecretHash: 'old', address: '192.0.2.8' })
  call({ address: null })
  time += 1000
  call({ outcome: 'failed', operation: 'GET /nodes', address: '192.0.2.9' })
  call({ outcome: 'refused', operation: 'GET /banned', deniedReason: 'notGranted' })
  await recorder.flush()
  const first = '2026-03-01T12:00:00.000Z'
  const second = '2026-03-01T12:00:01.000Z'
  expect(written[0]?.oldSecretUses).toEqual([
    { appId: 'k1', secretHash: 'older', at: first },
    { appId: 'k1', secretHash: 'old', at: second },
  ])
  const uses = written[0]?.calls.filter(({ outcome }) => outcome === 'allowed')
  expect(uses).toMatchObject([
    { operation: 'GET /rules', lastAt: first, lastAddress: address },
    { operation: 'GET /clients', lastAt: second, lastAddress: null },
  ])
  expect(written[0]?.addresses).toEqual([
    { appId: 'k1', address, calls: 2, lastAt: first },
    { appId: 'k1', address: '192.0.2.8', calls: 1, lastAt: second },
  ])
})

test('sums up refusals by what was missing, and refused credentials by reason', async () => {
  const refused = { outcome: 'refused', deniedReason: 'notGranted' } as const
  call(refused)
  time += 1000
  call({ ...refused, address: '192.0.2.8' })
  call({ ...refused, deniedReason: 'address' })
  call({ ...refused, operation: '', deniedReason: 'address' })
  call({ outcome: 'refused', operation: '' })
  const credentials = { deploymentId: 'plant', appId: 'k9', address } as const
  recorder.recordRefusedCredentials({ ...credentials, reason: 'unknown' })
  recorder.recordRefusedCredentials({ ...credentials, reason: 'unknown' })
  recorder.recordRefusedCredentials({ ...credentials, reason: 'wrongSecret' })
  recorder.recordRefusedCredentials({ ...credentials, deploymentId: null, reason: 'unknown' })
  await recorder.flush()
  const [first, second] = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:01.000Z']
  const row = { appId: 'k1', operation: 'GET /clients', lastAt: second }
  expect(written[0]?.refusedCalls).toEqual([
    { ...row, reason: 'notGranted', calls: 2, firstAt: first, lastAddress: '192.0.2.8' },
    { ...row, reason: 'address', calls: 1, firstAt: second, lastAddress: address },
  ])
  const expected = { deploymentId: 'plant', appId: 'k9', lastAddress: address }
  expect(written[0]?.refusedCredentials).toEqual([
    { ...expected, reason: 'unknown', calls: 2, firstAt: second, lastAt: second },
    { ...expected, reason: 'wrongSecret', calls: 1, firstAt: second, lastAt: second },
  ])
  expect(sumOf(written)).toBe(5)
})

test('a clock that is set back takes nothing back', async () => {
  time += 10_000
  call()
  time -= 5000
  call({ operation: 'GET /clients', address: '192.0.2.8' })
  await recorder.flush()
  const at = '2026-03-01T12:00:10.000Z'
  expect(written[0]?.calls).toMatchObject([{ lastAt: at, lastAddress: address }])
})

test('nothing to write is no write', async () => {
  await recorder.flush()
  expect(written).toEqual([])
})

test('what could not be written is kept as it is and comes first the next time', async () => {
  call()
  write = () => Promise.reject(new Error('the disk is full'))
  await expect(recorder.flush()).rejects.toThrow('the disk is full')
  call()
  await expect(recorder.flush()).rejects.toThrow('the disk is full')
  write = async (batch) => void written.push(batch)
  await recorder.flush()
  await recorder.flush()
  expect(written.map((batch) => sumOf([batch]))).toEqual([1, 1])
})

test('where one of many batches fails, those before it aren’t written again', async () => {
  const keys = 4000
  for (let at = 0; at < keys; at += 1) call({ appId: `k${at}` })
  let tries = 0
  write = async (batch) => {
    tries += 1
    if (tries === 3) throw new Error('once')
    written.push(batch)
  }
  await expect(recorder.flush()).rejects.toThrow('once')
  expect(written).toHaveLength(2)
  call({ appId: 'k0' })
  await recorder.flush()
  expect(sumOf(written)).toBe(keys + 1)
  const firsts = written.flatMap(({ calls }) => calls).slice(0, keys)
  expect(new Set(firsts.map(({ appId }) => appId)).size).toBe(keys)
})

test('calls during a write are in the next one, and each is in one', async () => {
  const goOn = Promise.withResolvers<void>()
  write = async (batch) => {
    await goOn.promise
    written.push(batch)
  }
  call()
  const first = recorder.flush()
  // Once it has begun.
  await Promise.resolve()
  await Promise.resolve()
  await Promise.resolve()
  call()
  call()
  const second = recorder.flush()
  goOn.resolve()
  await Promise.all([first, second])
  expect(written.map((batch) => sumOf([batch]))).toEqual([1, 2])
})

test('made-up credentials fill no memory: the latest of each deployment are kept', async () => {
  const named = (at: number) => `k${String(at).padStart(11, '0')}`
  const known = { deploymentId: 'plant', appId: 'k1', reason: 'wrongSecret', address } as const
  for (let at = 0; at < 10_000; at += 1) {
    recorder.recordRefusedCredentials({ ...known, appId: named(at), reason: 'unknown' })
    if (at % 50 === 0) recorder.recordRefusedCredentials(known)
  }
  await recorder.flush()
  const rows = written.flatMap(({ refusedCredentials }) => refusedCredentials)
  expect(rows.length).toBeLessThanOrEqual(250)
  expect(rows.map(({ appId }) => appId)).toContain(named(9999))
  expect(rows.find(({ appId }) => appId === 'k1')?.calls).toBe(200)
})

test('where nothing can be written for long, calls are dropped and reported', async () => {
  write = () => Promise.reject(new Error('the disk is full'))
  for (let at = 0; at < 300_001; at += 1) call({ appId: `k${at}`, outcome: 'failed' })
  await expect(recorder.flush()).rejects.toThrow('the disk is full')
  expect(errors.map(String)).toEqual([
    'Error: 1 calls are left out of the record of use: the store took none',
  ])
  write = async (batch) => void written.push(batch)
  await recorder.flush()
  expect(sumOf(written)).toBe(300_000)
})

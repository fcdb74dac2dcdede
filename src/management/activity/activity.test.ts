import { beforeEach, expect, test, vi } from 'vitest'
import { startInProcess, type InProcess } from '../../../test/harness/in-process.ts'
import type { NewActivityEntry } from '../../store/activity.ts'
import { exportActivity } from './activity.ts'

const entry = (name: string): NewActivityEntry => ({
  at: '2026-11-23T12:00:00.000Z',
  action: 'token.create',
  actor: { kind: 'user', id: 'u1', name: 'noor' },
  address: null,
  deployment: null,
  subject: { kind: 'token', id: null, name },
  changes: [],
})

let host: InProcess
beforeEach(async () => {
  host = await startInProcess()
  await host.store.activity.add(...Array.from({ length: 1700 }, (_, at) => entry(`token ${at}`)))
})

const errors: unknown[] = []
const ports = () => ({ store: host.store, onError: (error: unknown) => errors.push(error) })

test('The export has every entry once, over all pages', async () => {
  const text = await new Response(exportActivity(ports(), {})).text()
  const lines = text.trimEnd().split('\r\n').slice(1)
  const names = lines.map((line) => /"token (\d+)"/.exec(line)?.[1])
  expect(names).toEqual(Array.from({ length: 1700 }, (_, at) => String(1699 - at)))
})

test('The export reads on as fast as it is taken, and not at all once nobody takes it', async () => {
  const list = vi.spyOn(host.store.activity, 'list')
  const reader = exportActivity(ports(), {}).getReader()
  await reader.read()
  await reader.read()
  const read = list.mock.calls.length
  expect(read).toBeLessThan(3)
  await reader.cancel()
  await new Promise(setImmediate)
  expect(list.mock.calls.length).toBe(read)
})

test('An export that the store fails in the middle of breaks off; it never looks whole', async () => {
  const reader = exportActivity(ports(), {}).getReader()
  await reader.read()
  await reader.read()
  await host.store.close()
  const rest = async () => {
    for (;;) if ((await reader.read()).done) return
  }
  await expect(rest()).rejects.toThrow('database')
  expect(errors).toHaveLength(1)
})

test('What is added during an export is not in it', async () => {
  const reader = exportActivity(ports(), {}).getReader()
  await reader.read()
  await reader.read()
  await host.store.activity.add(entry('later'))
  const decoder = new TextDecoder()
  let text = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += decoder.decode(piece.value)
  }
  expect(text).toContain('"token 0"')
  expect(text).not.toContain('"later"')
})

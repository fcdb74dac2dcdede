import type { Sqlite3 } from '@sqlite.org/sqlite-wasm'
import type { Host } from '../../contract-suite/host.ts'
import { applyBlocks } from '../host/blocks.ts'
import { openSessionHost, type PersistedSession, type SessionHost } from '../host/session-host.ts'
import type { Session } from '../host/session.ts'
import type { ScenarioName } from '../world/scenario-names.ts'
import { sqliteInNode } from './sqlite-in-node.ts'

export const ORIGIN = 'https://demo.example'
/** When a test's session begins; its clock stands still. */
export const NOON = Date.parse('2026-11-23T12:00:00.000Z')

let loading: Promise<Sqlite3> | undefined

/** A session of the demo in this process. */
export type Opened = Host & {
  host: SessionHost
  persisted: () => PersistedSession | undefined
  waited: number[]
  later: (milliseconds: number) => void
  /** The same session, opened again by a worker that was stopped. */
  again: () => Promise<Opened>
}

export async function open(
  scenario: ScenarioName = 'default',
  { seed = 'test', state = undefined as PersistedSession | undefined, time = NOON } = {},
): Promise<Opened> {
  const sqlite = await (loading ??= sqliteInNode())
  const session: Session = {
    id: '00000000-0000-4000-8000-000000000000',
    scenario,
    seed,
    startedAt: NOON,
    clockStart: NOON,
  }
  let persisted = state
  let now = time
  const waited: number[] = []
  const host = await openSessionHost({
    sqlite,
    session,
    persisted,
    persist: async ({ blocks, memory }) => {
      const before = persisted?.database ?? new Uint8Array()
      const database = applyBlocks(before.slice(), blocks)
      if (database.length === 0) throw new Error('a new session persisted no database')
      persisted = { database, memory: structuredClone(memory) }
    },
    clock: () => now,
    wait: async (milliseconds) => {
      if (milliseconds > 0) waited.push(milliseconds)
    },
    random: () => {
      throw new Error('a seeded session takes no other randomness')
    },
    onError: (error) => {
      throw error
    },
  })
  return {
    host,
    waited,
    persisted: () => persisted,
    later: (milliseconds) => {
      now += milliseconds
    },
    again: () => open(scenario, { seed, state: persisted, time: now }),
    async send(method, path, sent) {
      const response = await host.answer(new Request(`${ORIGIN}${path}`, { method, ...sent }))
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      }
    },
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { newDatabaseBeside } from './postgres/postgres.ts'
import { startTestServer, type TestServer } from './test-server.ts'

/** What servers on one new PostgreSQL database have in common. */
export type SharedStore = {
  databaseUrl: string
  /** The settings to start a server on it with. */
  environment: Record<string, string>
  remove(): void
}

export async function newSharedStore(more: Record<string, string> = {}): Promise<SharedStore> {
  const databaseUrl = await newDatabaseBeside(inject('postgresUrl'))
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-shared-'))
  const ENCRYPTION_KEY_FILE = join(folder, 'encryption.key')
  return {
    databaseUrl,
    environment: { ...more, DATABASE_URL: databaseUrl, ENCRYPTION_KEY_FILE },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Two servers on one store; the first has the embedded brokers. */
export type Pair = SharedStore & { one: TestServer; other: TestServer; stop(): Promise<void> }

export async function startPair(more: Record<string, string> = {}): Promise<Pair> {
  const shared = await newSharedStore(more)
  const { environment } = shared
  const one = await startTestServer({ environment })
  const other = await startTestServer({ environment })
  const pair: Pair = {
    ...shared,
    one,
    other,
    async stop() {
      await pair.other.stop()
      await pair.one.stop()
      shared.remove()
    },
  }
  return pair
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness/test-server.ts'
import { startFakeEmqx, answerJson } from '../../backends/emqx/fake-emqx.ts'
import { readConfig } from '../config/config.ts'
import { backUp, restore } from './backups.ts'

const NOW = new Date('2026-11-23T12:34:56Z')
const KEYS = '/deployments/plant-telemetry/api-keys'
const IF_MATCH = { 'if-match': '"1"' }
const ACCESS = { access: { mode: 'full' } }

let folder: string
let dataDir: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'))
  dataDir = join(folder, 'data')
  file = join(folder, 'backup.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const config = () => readConfig({ DATA_DIR: dataDir })
const start = () => startTestServer({ dataDir, environment: { SAMPLES: 'on' } })

async function statusOf(server: TestServer, authorization: string): Promise<number> {
  const answer = await fetch(`${server.url}/plant-telemetry/api/v5/clients`, {
    headers: { authorization },
  })
  return answer.status
}

/** A store that was backed up and then changed. */
async function backedUp() {
  const server = await start()
  const emqx = await startFakeEmqx((_, response) => {
    answerJson(response, [{ node_status: 'running' }])
  })
  await server.addEmqx(emqx.url, { plan: 'byoc', version: 'v5' })
  await emqx.close()
  const key = await server.createKey('plant-telemetry', ACCESS)
  const session = await server.signIn()
  await backUp(config(), file)
  const { status } = await server.api('DELETE', `${KEYS}/${key.appId}`, undefined, IF_MATCH)
  expect(status).toBe(204)
  const later = await server.createKey('plant-telemetry', ACCESS)
  await server.stop()
  return { key, later, session }
}

test('a backup is made while the server writes, whole and for its user’s eyes alone', async () => {
  const server = await start()
  const over = new AbortController()
  const enough = Promise.withResolvers<void>()
  const made: string[] = []
  const write = async () => {
    while (!over.signal.aborted) {
      made.push((await server.createKey('plant-telemetry', ACCESS)).appId)
      if (made.length > 5) enough.resolve()
    }
  }
  const writing = [write(), write()]
  await enough.promise
  const before = [...made]
  const said = await backUp(config(), file)
  over.abort()
  await Promise.all(writing)
  await server.stop()

  expect(said).toContain(`Only ${join(dataDir, 'encryption.key')} opens the credentials in it`)
  expect(readdirSync(folder).toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
    'backup.db',
    'data',
  ])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const database = new DatabaseSync(file, { readOnly: true })
  const ids = database.prepare('select app_id from api_keys').all()
  expect(ids.map((row) => row['app_id'])).toEqual(expect.arrayContaining(before))
  // Of one moment: no key without its entry in Activity, and no entry without its key.
  const rows = database
    .prepare("select subject_id from activity where action = 'apiKey.create'")
    .all()
  const recorded = new Set(rows.map((row) => row['subject_id']))
  expect(ids.filter((row) => made.includes(String(row['app_id'])))).toHaveLength(recorded.size)
  database.close()

  await expect(backUp(config(), file)).rejects.toThrow(
    `Nothing was backed up to ${file}: ${file} exists already.`,
  )
})

test('a backup takes the place of the store, which is kept beside it', async () => {
  const { key, later, session } = await backedUp()
  const said = await restore(config(), file, NOW)
  expect(said).toContain('kept beside it, as latchkey-replaced-2026-11-23T12-34-56Z.db')

  const server = await start()
  expect(await statusOf(server, key.authorization)).toBe(200)
  expect(await statusOf(server, later.authorization)).toBe(401)
  const asBefore = await server.api('GET', '/deployments', undefined, session.headers)
  expect(asBefore.status).toBe(401)
  await server.stop()

  const kept = join(dataDir, 'latchkey-replaced-2026-11-23T12-34-56Z.db')
  expect(await restore(config(), kept, new Date('2026-11-24T00:00:00Z'))).toContain('Restored')
  const again = await start()
  expect(await statusOf(again, key.authorization)).toBe(401)
  expect(await statusOf(again, later.authorization)).toBe(200)
  await again.stop()
})

test('a backup is restored on a new machine, with the encryption key of the old one', async () => {
  const { key } = await backedUp()
  const encryptionKey = readFileSync(join(dataDir, 'encryption.key'))
  rmSync(dataDir, { recursive: true })
  await expect(restore(config(), file, NOW)).rejects.toThrow(/^ENCRYPTION_KEY_FILE .+ isn't there/)
  writeFileSync(join(dataDir, 'encryption.key'), encryptionKey)
  expect(await restore(config(), file, NOW)).not.toContain('kept beside it')
  const server = await start()
  expect(await statusOf(server, key.authorization)).toBe(200)
  await server.stop()
})

describe('Nothing is restored, and the store stays as it is,', () => {
  let later: { authorization: string }

  beforeEach(async () => {
    ;({ later } = await backedUp())
  })

  async function refused(): Promise<string> {
    const before = readdirSync(dataDir)
    const refusal = await restore(config(), file, NOW).catch(String)
    expect(readdirSync(dataDir)).toEqual(before)
    const server = await start()
    expect(await statusOf(server, later.authorization)).toBe(200)
    await server.stop()
    return refusal
  }

  test('while a server uses it', async () => {
    const server = await start()
    await expect(restore(config(), file, NOW)).rejects.toThrow(/is in use by another Latchkey/)
    expect(await statusOf(server, later.authorization)).toBe(200)
    await server.stop()
  })

  test('from a file that is none', async () => {
    rmSync(file)
    expect(await refused()).toContain('unable to open database file')
  })

  test('from what is no database', async () => {
    writeFileSync(file, 'not a database at all'.repeat(100))
    expect(await refused()).toContain(`Nothing was restored from ${file}: file is not a database.`)
  })

  test('from a database of something else', async () => {
    rmSync(file)
    const other = new DatabaseSync(file)
    other.exec('create table photographs (id integer)')
    other.close()
    expect(await refused()).toContain("it is no store of Latchkey's")
  })

  test('from a damaged backup', async () => {
    const bytes = readFileSync(file)
    bytes.fill(0xa5, bytes.length / 2, bytes.length / 2 + 3 * 4096)
    writeFileSync(file, bytes)
    expect(await refused()).toMatch(/damaged|malformed/)
  })

  test('from a backup of a newer version', async () => {
    const database = new DatabaseSync(file)
    database.exec("insert into kysely_migration (name, timestamp) values ('999_later', 'then')")
    database.close()
    expect(await refused()).toContain('it is of a newer Latchkey, with the change 999_later')
  })

  test('from a backup of another encryption key, old as it may be', async () => {
    const key = readFileSync(join(dataDir, 'encryption.key'))
    writeFileSync(join(dataDir, 'encryption.key'), Buffer.alloc(32, 9))
    const other = "ENCRYPTION_KEY_FILE isn't the key that it was made with"
    await expect(restore(config(), file, NOW)).rejects.toThrow(other)
    const database = new DatabaseSync(file)
    database.exec('delete from encryption_proof')
    database.close()
    await expect(restore(config(), file, NOW)).rejects.toThrow(other)
    writeFileSync(join(dataDir, 'encryption.key'), key)
    expect(await restore(config(), file, NOW)).toContain('Restored')
  })
})

test('a store in PostgreSQL is left to its own tools', async () => {
  const elsewhere = { ...config(), ...readConfig({ DATABASE_URL: 'postgres://host/latchkey' }) }
  await expect(backUp(elsewhere, file)).rejects.toThrow('pg_dump')
  await expect(restore(elsewhere, file, NOW)).rejects.toThrow('pg_restore')
})

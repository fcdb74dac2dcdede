import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openDatabaseFile } from './sqlite.ts'

// The gateway looks keys up on a connection of its own, and holds its reads open between calls.

let file: string
let db: Kysely<{ keys: { id: string; secret: string } }>
let secret: () => unknown

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'))
  file = join(folder, 'latchkey.db')
  const { dialect, prepareReads, close } = openDatabaseFile(file)
  db = new Kysely({ dialect })
  onTestFinished(async () => {
    close()
    await db.destroy()
    rmSync(folder, { recursive: true })
  })
  await sql`create table keys (id text primary key, secret text)`.execute(db)
  await db.insertInto('keys').values({ id: 'k1', secret: 'first' }).execute()
  const reads = prepareReads({ sqlFor: () => 'select secret from keys where id = ?' })
  secret = () => {
    const found = reads.read(['k1'])
    return 'row' in found ? found.row : found
  }
})

const change = (to: string) => db.updateTable('keys').set({ secret: to })

test('a look-up sees a change that was made before it, and a removal', async () => {
  expect(secret()).toEqual(['first'])
  for (let at = 0; at < 100; at += 1) {
    await change(`${at}`).execute()
    expect(secret()).toEqual([`${at}`])
    expect(secret()).toEqual([`${at}`])
  }
  const removed = await db.deleteFrom('keys').returning('id').execute()
  expect(removed).toHaveLength(1)
  expect(secret()).toBeUndefined()
})

test('a look-up sees nothing of a transaction before its end, and all of it after', async () => {
  secret()
  await db.transaction().execute(async (transaction) => {
    expect(secret()).toEqual(['first'])
    await transaction.updateTable('keys').set({ secret: 'second' }).execute()
    expect(secret()).toEqual(['first'])
    await transaction.selectFrom('keys').selectAll().execute()
    expect(secret()).toEqual(['first'])
  })
  expect(secret()).toEqual(['second'])
})

test('a look-up never sees what was taken back', async () => {
  const undone = db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('keys').execute()
    expect(secret()).toEqual(['first'])
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(secret()).toEqual(['first'])
  await change('second').execute()
  expect(secret()).toEqual(['second'])
})

test('look-ups between changes keep the log of changes from nothing: it starts anew', async () => {
  const pages = 'x'.repeat(40_000)
  for (let at = 0; at < 400; at += 1) {
    await change(`${at}${pages}`).execute()
    secret()
  }
  // 400 changes of ten pages each; the log is to be used again from a thousand pages on.
  expect(statSync(`${file}-wal`).size).toBeLessThan(8_000_000)
})

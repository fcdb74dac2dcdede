import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { encryptionKey } from '../../../../test/harness/engines.ts'
import { newDatabaseBeside } from '../../../../test/harness/postgres/postgres.ts'
import { openWayTo } from '../../../../test/harness/postgres/silent-loss.ts'
import { openStore } from '../../../store/store.ts'
import { openPostgres } from './postgres.ts'

test('where the machine of the database is lost without a word, one query alone waits for it', async () => {
  const way = await openWayTo(await newDatabaseBeside(inject('postgresUrl')))
  const { close, ...engine } = openPostgres(way.url)
  const store = await openStore({ ...engine, encryptionKey })
  onTestFinished(async () => {
    await way.close()
    await store.close()
    await close()
  })
  const ids = async (count: number) => {
    const asked = Array.from({ length: count }, () =>
      sql<{ id: number }>`select pg_backend_pid() as id from pg_sleep(0.1)`.execute(store.database),
    )
    return new Set((await Promise.all(asked)).map(({ rows }) => rows[0]?.id))
  }
  expect((await ids(5)).size).toBe(5)

  way.vanish()
  await expect(store.ping()).rejects.toThrow('Query read timeout')
  for (let at = 0; at < 5; at += 1) await store.ping()
}, 60_000)

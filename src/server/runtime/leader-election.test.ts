import { expect, inject, onTestFinished, test } from 'vitest'
import { newDatabaseBeside } from '../../../test/harness/postgres.ts'
import { openWayTo } from '../../../test/harness/silent-loss.ts'
import { ownerByLock } from './leader-election.ts'

test('where the machine of the database is lost without a word, servers find out who owns', async () => {
  const url = await newDatabaseBeside(inject('postgresUrl'))
  const way = await openWayTo(url)
  const [one, other] = [ownerByLock(way.url), ownerByLock(url)]
  onTestFinished(async () => {
    await Promise.all([one.release(), other.release()])
    await way.close()
  })
  expect([await one.claim(), await other.claim()]).toEqual([true, false])

  way.vanish()
  await expect.poll(() => other.claim(), { timeout: 20_000 }).toBe(true)
  // As long as nothing is known of it, it goes on.
  expect(await one.claim()).toBe(true)
  expect(await one.claim()).toBe(false)

  way.vanish()
  await other.release()
  expect(await one.claim()).toBe(false)
  expect(await one.claim()).toBe(true)
}, 60_000)

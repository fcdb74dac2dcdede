import { expect, inject, onTestFinished, test } from 'vitest'
import { newDatabaseBeside } from '../../../test/harness/postgres/postgres.ts'
import { openWayTo } from '../../../test/harness/postgres/silent-loss.ts'
import { advisoryLockLeader } from './leader-election.ts'

test('where the machine of the database is lost without a word, servers find out who owns', async () => {
  const url = await newDatabaseBeside(inject('postgresUrl'))
  const way = await openWayTo(url)
  const [one, other] = [advisoryLockLeader(way.url), advisoryLockLeader(url)]
  onTestFinished(async () => {
    await Promise.all([one.release(), other.release()])
    await way.close()
  })
  expect([await one.tryAcquire(), await other.tryAcquire()]).toEqual([true, false])

  way.vanish()
  await expect.poll(() => other.tryAcquire(), { timeout: 20_000 }).toBe(true)
  // As long as nothing is known of it, it goes on.
  expect(await one.tryAcquire()).toBe(true)
  expect(await one.tryAcquire()).toBe(false)

  way.vanish()
  await other.release()
  expect(await one.tryAcquire()).toBe(false)
  expect(await one.tryAcquire()).toBe(true)
}, 60_000)

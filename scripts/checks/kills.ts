import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDamageIn, findLeftovers } from '../../test/harness/damage.ts'
import { killUnderLoad, type KillOptions } from '../../test/harness/kills.ts'
import { startCluster } from '../../test/harness/postgres/postgres.ts'
import { countArgument } from './count-argument.ts'

/**
 * Whether what was confirmed survives a server that is killed under write load, on each store.
 * Takes some minutes.
 *
 *   npm run check:kills [-- 200]
 */
const KILLS = countArgument(200)

const count = (value: number) => value.toLocaleString('en')
const sum = (values: Record<string, number>) =>
  Object.values(values).reduce((one, other) => one + other, 0)

const TOLD_EVERY = 20

async function check(store: string, options: Omit<KillOptions, 'kills'>): Promise<void> {
  const started = performance.now()
  const secondsUntilNow = () => Math.round((performance.now() - started) / 1000)
  const { kills, confirmed, underWay, faults } = await killUnderLoad({
    ...options,
    kills: KILLS,
    onKill(done) {
      if (done % TOLD_EVERY > 0 || done === KILLS) return
      process.stderr.write(`${store}: ${done} of ${KILLS} kills after ${secondsUntilNow()} s\n`)
    },
  })
  const seconds = secondsUntilNow()
  const { create, change, delete: deleted } = confirmed
  process.stdout.write(
    `${store}: ${count(kills)} kills under write load in ${count(seconds)} s
  confirmed and there       ${count(sum(confirmed))} changes: ${count(create)} keys made, ${count(change)} changed, ${count(deleted)} deleted
  under way at a kill       ${count(sum(underWay))} changes: ${count(underWay.whole)} made whole, ${count(underWay.nothing)} not at all
  lost, halved, come back   ${count(faults.length)}\n`,
  )
  for (const fault of faults.slice(0, 20)) process.stderr.write(`  ${fault}\n`)
  if (faults.length > 0 || kills < KILLS) process.exitCode = 1
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-kills-'))
const cluster = await startCluster({ isDurable: true })
try {
  await check('SQLite', {
    environment: { DATA_DIR: folder },
    findDamage: async () => findDamageIn(join(folder, 'latchkey.db')),
  })
  const url = await cluster.newDatabase()
  await check('PostgreSQL', {
    environment: { DATABASE_URL: url, ENCRYPTION_KEY_FILE: join(folder, 'shared.key') },
    findDamage: () => findLeftovers(url),
  })
} finally {
  await cluster.remove()
  rmSync(folder, { recursive: true })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../test/harness/postgres/postgres.ts'
import { raceRevocations } from '../../test/harness/revocation-races.ts'
import { administratorToken, startServerProcess } from '../../test/harness/server-process.ts'
import { countArgument } from './count-argument.ts'

/** Whether revocation holds at once on two servers over one PostgreSQL. Takes some minutes. */
const RACES = countArgument(10_000)
const AT_ONCE = 6

const folder = mkdtempSync(join(tmpdir(), 'latchkey-revocation-'))
const cluster = await startCluster()
const environment = {
  DATABASE_URL: await cluster.newDatabase(),
  ENCRYPTION_KEY_FILE: join(folder, 'encryption.key'),
  TRUSTED_PROXIES: '127.0.0.1',
}
const one = await startServerProcess(environment)
const other = await startServerProcess(environment)
const started = performance.now()
try {
  const { races, allowedBefore, refusedAfter, violations } = await raceRevocations({
    servers: [one.url, other.url],
    token: await administratorToken(one.url),
    races: RACES,
    atOnce: AT_ONCE,
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  const count = (value: number) => value.toLocaleString('en')
  const kinds = Object.entries(races).map(([kind, number]) => `${count(number)} ${kind}`)
  process.stdout.write(
    `${count(RACES)} races on two servers in ${count(seconds)} s (${kinds.join(', ')}):
${count(allowedBefore)} calls were allowed that began before the change was confirmed,
${count(refusedAfter)} were refused that began after, and ${count(violations.length)} of those got through.\n`,
  )
  for (const violation of violations.slice(0, 20)) process.stderr.write(`${violation}\n`)
  if (violations.length > 0 || allowedBefore === 0) process.exitCode = 1
} finally {
  await other.stop()
  await one.stop()
  await cluster.remove()
  rmSync(folder, { recursive: true })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONNECTIONS_MAX } from '../../src/server/engines/postgres/postgres.ts'
import { loseDatabase } from '../../test/harness/postgres/database-loss.ts'
import { startCluster } from '../../test/harness/postgres/postgres.ts'
import { administratorToken, startServerProcess } from '../../test/harness/server-process.ts'
import { countArgument } from './count-argument.ts'

/** What happens when the database is killed and started again under load. Takes a minute. */
const LOSSES = countArgument(10)
const PAUSE = 2000
// The pool's, and the few with a purpose of their own, of two servers.
const CONNECTIONS = 2 * (CONNECTIONS_MAX + 4)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-loss-'))
const cluster = await startCluster({ isDurable: true })
const databaseUrl = await cluster.newDatabase()
const environment = {
  DATABASE_URL: databaseUrl,
  ENCRYPTION_KEY_FILE: join(folder, 'encryption.key'),
  TRUSTED_PROXIES: '127.0.0.1',
  // That the store is away is what this is about.
  LOG_LEVEL: 'error',
}
const one = await startServerProcess(environment)
const other = await startServerProcess(environment)
try {
  const figures = await loseDatabase({
    cluster,
    databaseUrl,
    servers: [one.url, other.url],
    token: await administratorToken(one.url),
    losses: LOSSES,
    pause: PAUSE,
  })
  const { allowed, unavailable, kept, changes, resumedAfter, slowest, connections } = figures
  const { faults } = figures
  const count = (value: number) => Math.round(value).toLocaleString('en')
  process.stdout.write(
    `${LOSSES} losses of the database under load on two servers:
${count(allowed)} calls by a good key were allowed, ${count(unavailable)} got 503 with Retry-After, the slowest after ${count(slowest)} ms;
${count(kept)} calls that must be refused were refused, ${count(changes)} confirmed changes are all there;
calls resumed ${count(Math.max(...resumedAfter))} ms after the database did at the latest, without a restart;
${connections} connections at the end, of ${CONNECTIONS} at most; ${count(faults.length)} faults.\n`,
  )
  for (const fault of faults.slice(0, 20)) process.stderr.write(`${fault}\n`)
  if (faults.length > 0 || connections > CONNECTIONS || unavailable === 0) process.exitCode = 1
} finally {
  await other.stop()
  await one.stop()
  await cluster.remove()
  rmSync(folder, { recursive: true })
}

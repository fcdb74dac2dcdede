import { createServer } from 'node:http'
import { join } from 'node:path'
import { apiKey, defaultKeyHasher } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { Kysely } from 'kysely'
import { Pool } from 'undici'
import { sqliteDialect } from '../src/server/engines/sqlite/sqlite.ts'
import { listen, PATH, portOf, requestOf } from './load.ts'
import { callersOf, configOf, fillStore } from './store.ts'
import type { Target, TargetSpec } from './target.ts'

const HEADER = 'Bearer '
const PERMISSIONS = { clients: ['read'] }
const ROWS_PER_INSERT = 1000

type Row = Record<string, unknown> & { id: string; key: string }

/**
 * A bare proxy that asks better-auth's API-key plugin for each call, whether the key may read
 * clients: as it comes, but for its limit of calls, on the same SQLite file as the gateway's, with
 * as many keys and the same settings of SQLite.
 */
export async function startBetterAuth(spec: TargetSpec): Promise<Target> {
  const { upstream, dataDir, keys } = spec
  await fillStore(configOf(dataDir, undefined), { upstream, keys, used: false })
  const dialect = sqliteDialect(join(dataDir, 'latchkey.db'))
  const db = new Kysely<{ apikey: Row; user: Record<string, unknown> }>({ dialect })
  const auth = betterAuth({
    baseURL: 'http://localhost',
    secret: 'bench'.repeat(8),
    logger: { level: 'error' },
    telemetry: { enabled: false },
    database: { db, type: 'sqlite' },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  })
  await (await getMigrations(auth.options)).runMigrations()
  const at = new Date().toISOString()
  const user = { id: 'bench', name: 'bench', email: 'bench@localhost.invalid', emailVerified: 0 }
  await db
    .insertInto('user')
    .values({ ...user, createdAt: at, updatedAt: at })
    .execute()
  await auth.api.createApiKey({ body: { userId: user.id, permissions: PERMISSIONS } })
  const made = await db.selectFrom('apikey').selectAll().executeTakeFirstOrThrow()
  const secrets = Array.from({ length: keys }, (_, at) => `lks_${String(at).padStart(40, '0')}`)
  for (let from = 0; from < keys; from += ROWS_PER_INSERT) {
    const some = secrets.slice(from, from + ROWS_PER_INSERT)
    const rows = some.map(async (secret) => ({
      ...made,
      id: `id-${secret}`,
      key: await defaultKeyHasher(secret),
    }))
    await db
      .insertInto('apikey')
      .values(await Promise.all(rows))
      .execute()
  }
  const pool = new Pool(upstream, { connections: 128, allowH2: false })
  const server = createServer((request, response) => {
    const { host: _host, connection: _connection, authorization = '', ...headers } = request.headers
    const key = authorization.slice(HEADER.length)
    auth.api
      .verifyApiKey({ body: { key, permissions: PERMISSIONS } })
      .then(({ valid }) => {
        if (valid) return
        throw new Error('the key is refused')
      })
      .then(() =>
        pool.request({ path: request.url ?? '/', method: request.method ?? 'GET', headers }),
      )
      .then(({ statusCode, headers: answered, body }) =>
        body.pipe(response.writeHead(statusCode, answered)),
      )
      .catch(() => response.destroy())
  })
  const requests = callersOf(secrets).map((key) => requestOf(PATH, `${HEADER}${key}`))
  return {
    port: portOf(await listen(server)),
    requests,
    wrongSecret: requestOf(PATH, `${HEADER}none`),
  }
}

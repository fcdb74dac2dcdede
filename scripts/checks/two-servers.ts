import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { Secret } from '../../src/contract/secret.ts'
import { addSample, sampleDeployments } from '../../src/management/deployments/samples.ts'
import { openConfiguredStore } from '../../src/server/storage/open-store.ts'
import {
  createEmqxOfBrokers,
  UPSTREAM_KEY,
  type Broker,
} from '../../test/harness/emqx-of-brokers.ts'
import { startCluster } from '../../test/harness/postgres/postgres.ts'
import { createRoundRobin } from '../../test/harness/round-robin.ts'
import { administratorToken, startServerProcess } from '../../test/harness/server-process.ts'
import { ensureBuilt } from '../setup/build.ts'

/**
 * Two servers on one PostgreSQL behind a proxy that gives each request to the other one, at PORT:
 * what the browser tests of `npm run test:servers` run against. Embedded brokers belong to one
 * server, so that the sample deployments here are behind EMQX endpoints; a third server's
 * embedded brokers answer for those.
 */
const HOST = '127.0.0.1'
const port = Number(process.env['PORT'])
const password = process.env['ADMIN_PASSWORD'] ?? ''

await ensureBuilt('console')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-two-servers-'))
const cluster = await startCluster()
const brokersServer = await startServerProcess({ SAMPLES: 'on' })
const emqx = createEmqxOfBrokers(await brokersOf(brokersServer.url))
const emqxUrl = `http://${HOST}:${await listen(emqx, 0)}`
const environment = {
  DATABASE_URL: await cluster.newDatabase(),
  ENCRYPTION_KEY_FILE: join(folder, 'encryption.key'),
  TRUSTED_PROXIES: HOST,
  ADMIN_PASSWORD: password,
  LOG_LEVEL: 'warn',
}
await addSamples(emqxUrl)
const servers = [await startServerProcess(environment), await startServerProcess(environment)]
const proxy = createRoundRobin(servers.map(({ url }) => url))
await listen(proxy, port)

async function stop(): Promise<void> {
  for (const server of [proxy, emqx]) {
    server.closeAllConnections()
    server.close()
  }
  await Promise.all([...servers, brokersServer].map((server) => server.stop()))
  await cluster.remove()
  rmSync(folder, { recursive: true })
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())

async function listen(server: Server, at: number): Promise<number> {
  server.listen(at, HOST)
  await once(server, 'listening')
  return z.object({ port: z.int() }).parse(server.address()).port
}

/** A key for everything of each sample deployment of a server. */
async function brokersOf(url: string): Promise<Map<string, Broker>> {
  const token = await administratorToken(url)
  const brokers = new Map<string, Broker>()
  for (const { id, plan, version } of sampleDeployments) {
    const created = await fetch(`${url}/api/v1/deployments/${id}/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(plan === 'serverless' ? {} : { access: { mode: 'full' } }),
    })
    const { apiKey, appSecret } = createdApiKeySchema.parse(await created.json())
    const base = version === 'v5' ? 'api/v5' : 'api'
    brokers.set(id, { url: `${url}/${id}/${base}`, version, appId: apiKey.appId, appSecret })
  }
  return brokers
}

/** Adds the samples as a first start would, and puts each behind an EMQX endpoint. */
async function addSamples(url: string): Promise<void> {
  const now = () => new Date()
  const { store } = await openConfiguredStore(
    {
      dataDir: folder,
      databaseUrl: new Secret(environment.DATABASE_URL),
      encryptionKeyFile: environment.ENCRYPTION_KEY_FILE,
    },
    { log: { info() {} }, now },
  )
  const random = (length: number) => new Uint8Array(randomBytes(length))
  for (const sample of sampleDeployments) {
    const backend = {
      kind: 'emqx' as const,
      url: `${url}/${sample.id}`,
      keyId: UPSTREAM_KEY.keyId,
      keySecret: new Secret(UPSTREAM_KEY.keySecret),
    }
    await addSample(store, sample, { createdAt: now(), random, backend })
  }
  await store.close()
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { refusedCallsSchema, usageSchema } from '../../src/contract/usage/schemas.ts'
import { startTestServer, type TestKey, type TestServer } from './test-server.ts'

const CONNECTIONS = 32
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const

// What is called, the status that makes it so, and what is recorded of it.
const KINDS = [
  { method: 'GET', path: '/clients', status: 200, as: 'GET /clients allowed' },
  { method: 'GET', path: '/clients/a%2Fb', status: 200, as: 'GET /clients/{clientid} allowed' },
  { method: 'HEAD', path: '/clients', status: 200, as: 'GET /clients allowed' },
  { method: 'GET', path: '/banned', status: 403, as: 'GET /banned refused' },
  { method: 'GET', path: '/rules', status: 502, as: 'GET /rules failed' },
  { method: 'GET', path: '/no/such/thing', status: 404, as: 'nothing refused' },
] as const
const OPERATIONS = ['GET /clients', 'GET /clients/{clientid}', 'GET /rules']

/** How often each thing happened: calls by key, operation and outcome, or by key and address. */
export type Sums = Record<string, number>

/**
 * Sends so many calls of every outcome at once, by so many keys from several addresses, through
 * a whole server; stops it, starts it anew, and asks its API what it has recorded.
 */
export async function compareUsage(
  calls: number,
  keys: number,
): Promise<{ made: Sums; recorded: Sums; seconds: number }> {
  const emqx = await startFakeEmqx((request, response) => {
    if (request.url === '/api/v5/rules') {
      response.destroy()
    } else answerJson(response, [{ node_status: 'running' }])
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-usage-'))
  const options = { dataDir, environment: { LOG_LEVEL: 'error' } }
  let server = await startTestServer(options)
  try {
    const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
    const access = { mode: 'list', operations: OPERATIONS }
    const made: TestKey[] = []
    for (let at = 0; at < keys; at += 1) made.push(await server.createKey(id, { access }))
    const started = performance.now()
    const counted = await sendAll(server, id, made, calls)
    const seconds = (performance.now() - started) / 1000
    await server.stop()
    server = await startTestServer(options)
    return { made: counted, recorded: await recordedOf(server, id, made), seconds }
  } finally {
    await server.stop()
    await emqx.close()
    rmSync(dataDir, { recursive: true })
  }
}

async function sendAll(
  { url }: TestServer,
  id: string,
  keys: readonly TestKey[],
  calls: number,
): Promise<Sums> {
  const sums: Sums = {}
  const pools = ADDRESSES.map((localAddress) => ({
    address: localAddress,
    pool: new Pool(url.replace('localhost', '127.0.0.1'), {
      connections: CONNECTIONS,
      localAddress,
    }),
  }))
  let sent = 0
  const sendOn = async () => {
    for (let at = sent; at < calls; at = sent) {
      sent += 1
      // Of different lengths, so that every key meets every kind and address.
      const key = keys[at % keys.length]
      const kind = KINDS[Math.floor(at / keys.length) % KINDS.length]
      const from = pools[Math.floor(at / 7) % pools.length]
      if (!key || !kind || !from) throw new Error('there is nothing to send')
      const { statusCode, body } = await from.pool.request({
        method: kind.method,
        path: `/${id}/api/v5${kind.path}`,
        headers: { authorization: key.authorization },
      })
      await body.dump()
      if (statusCode !== kind.status) throw new Error(`${kind.as}: ${statusCode}`)
      add(sums, `${key.appId} ${kind.as}`)
      if (kind.status === 200) add(sums, `${key.appId} from ${from.address}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendOn))
  await Promise.all(pools.map(({ pool }) => pool.close()))
  return sums
}

async function recordedOf(server: TestServer, id: string, keys: readonly TestKey[]): Promise<Sums> {
  const sums: Sums = {}
  for (const { appId } of keys) {
    const path = `/deployments/${id}/api-keys/${appId}`
    const answer = await server.api('GET', `${path}/usage?days=1`)
    const usage = usageSchema.parse(await answer.json())
    const refused = await server.api('GET', `${path}/refused-calls`)
    const [banned, ...others] = refusedCallsSchema.parse(await refused.json()).items
    let ofOperations = 0
    for (const { operation, ...counts } of usage.operations) {
      for (const outcome of ['allowed', 'refused', 'failed'] as const) {
        ofOperations += counts[outcome]
        add(sums, `${appId} ${operation} ${outcome}`, counts[outcome])
      }
      if (operation === 'GET /banned' && (counts.refused !== banned?.calls || others.length > 0)) {
        throw new Error('the refused calls are told otherwise')
      }
    }
    const all = usage.calls.reduce(
      (sum, { allowed, refused: refusedCalls, failed }) => sum + allowed + refusedCalls + failed,
      0,
    )
    add(sums, `${appId} nothing refused`, all - ofOperations)
    for (const { address, allowed } of usage.addresses)
      add(sums, `${appId} from ${address}`, allowed)
  }
  return sums
}

function add(sums: Sums, name: string, count = 1): void {
  if (count > 0) sums[name] = (sums[name] ?? 0) + count
}

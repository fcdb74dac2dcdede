import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Access, decide } from '../../../../contract/access/access.ts'
import { compileRouter } from '../../../../contract/access/router.ts'
import { v5Catalog } from '../../../../contract/catalog/v5.ts'
import { toCatalogView } from '../../data/catalog-view.ts'
import { planTest, pickSampleOperation } from './sample-operation.ts'
import { authorizationHeader, curlCommand, envFile, jsonFile } from './snippets.ts'
import { callWithKey, interpretStatus, testPath } from './test-call.ts'

const OFFERED = new Set(['Clients', 'Publish', 'Subscriptions'])
const catalog = toCatalogView({
  categories: v5Catalog.categories.map(({ name, operations }) => ({
    name,
    operations: operations.map(({ id, method, path, summary }) => {
      return { id, method, path, summary, supported: OFFERED.has(name) }
    }),
  })),
})
const credentials = {
  appId: 'k4f1c09ae2b7',
  appSecret: `lks_${'aB3'.repeat(13)}z`,
  apiBaseUrl: 'http://127.0.0.1:4080/plant-telemetry/api/v5',
}
const ids = catalog.operations.map(({ id }) => id)
const someAccess = fc
  .subarray(ids, { minLength: 1 })
  .map((operations): Access => ({ mode: 'list', operations }))

describe('the ready-made call', () => {
  it('is always one that the key may make', () => {
    const router = compileRouter(v5Catalog)
    fc.assert(
      fc.property(someAccess, (access) => {
        const operation = pickSampleOperation(access, catalog)
        expect(operation).toBeDefined()
        const path = operation?.path.replaceAll(/[{}]/g, '') ?? ''
        expect(decide(router, access, operation?.method ?? '', path).outcome).toBe('allowed')
      }),
    )
  })

  it('prefers reading, then what the backend offers, then publishing', () => {
    const sample = (...operations: typeof ids) =>
      pickSampleOperation({ mode: 'list', operations }, catalog)?.id
    expect(pickSampleOperation({ mode: 'full' }, catalog)?.id).toBe('GET /clients')
    expect(sample('GET /clients/{clientid}', 'GET /subscriptions')).toBe('GET /subscriptions')
    expect(sample('GET /rules', 'POST /publish')).toBe('POST /publish')
    expect(sample('DELETE /banned', 'DELETE /banned/{as}/{who}')).toBe('DELETE /banned/{as}/{who}')
  })

  it('reads well', () => {
    const curl = (id: string) => {
      const operation = catalog.byId.get(id)
      return operation && curlCommand(credentials, operation)
    }
    expect(curl('GET /clients')).toBe(
      `curl '${credentials.apiBaseUrl}/clients' \\\n  -u '${credentials.appId}:${credentials.appSecret}'`,
    )
    expect(curl('DELETE /clients/{clientid}')).toMatch(/\/clients\/CLIENTID'[^]*-X DELETE/)
    expect(curl('POST /publish')).toMatch(/-d '\{"topic": "hello", "payload": "world"\}'/)
    expect(curl('POST /publish')).not.toContain('-X')
    expect(curl('PUT /rules/{id}')).toMatch(/-X PUT[^]*-d '@body.json'/)
    expect(curl('PUT /rules/{id}/metrics/reset')).toMatch(/-X PUT/)
  })

  it('comes out of a shell as it went in, whatever the address', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', '$', ' ', '\\', 'a', '`') }),
        (odd) => {
          const operation = pickSampleOperation({ mode: 'full' }, catalog)
          const url = `http://host/${odd}`
          const command = operation && curlCommand({ ...credentials, apiBaseUrl: url }, operation)
          const script = `curl() { printf '%s\\n' "$@"; }; ${command}`
          const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
          expect(words).toBe(`${url}/clients\n-u\n${credentials.appId}:${credentials.appSecret}\n`)
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('the other forms', () => {
  it('hold the same credentials', () => {
    const [, basic = ''] = authorizationHeader(credentials).split('Basic ')
    expect(atob(basic)).toBe(`${credentials.appId}:${credentials.appSecret}`)
    expect(JSON.parse(jsonFile(credentials))).toEqual(credentials)
    expect(envFile(credentials)).toBe(
      `API_BASE_URL=${credentials.apiBaseUrl}\nAPP_ID=${credentials.appId}\nAPP_SECRET=${credentials.appSecret}\n`,
    )
  })
})

describe('testing a key', () => {
  it('only ever reads', () => {
    fc.assert(
      fc.property(someAccess, (access) => {
        const plan = planTest(access, catalog)
        expect(plan?.operation.method).toBe('GET')
        const may =
          access.mode === 'list' && access.operations.some((id) => id === plan?.operation.id)
        expect(plan?.expects).toBe(may ? 'answer' : 'refusal')
      }),
    )
  })

  it('takes a refusal as proof where the key may not read', async () => {
    const plan = planTest({ mode: 'list', operations: ['POST /publish'] }, catalog)
    if (!plan) throw new Error('no plan')
    expect(plan).toMatchObject({ operation: { id: 'GET /clients' }, expects: 'refusal' })
    const seen: [unknown, RequestInit | undefined][] = []
    const result = await callWithKey(plan, credentials, async (url, init) => {
      seen.push([url, init])
      return Response.json({ code: 'FORBIDDEN' }, { status: 403 })
    })
    expect(result).toMatchObject({ outcome: 'works', status: 403, body: '{"code":"FORBIDDEN"}' })
    expect(seen[0]?.[0]).toBe(`${credentials.apiBaseUrl}/clients`)
    expect(seen[0]?.[1]).toMatchObject({ credentials: 'omit', cache: 'no-store' })
  })

  it('fills parameters with a name that nothing has', () => {
    const plan = planTest({ mode: 'list', operations: ['GET /clients/{clientid}'] }, catalog)
    expect(plan && testPath(plan)).toBe('/clients/latchkey-test')
    expect(plan && interpretStatus(plan, 404).outcome).toBe('works')
    expect(plan && interpretStatus(plan, 401).outcome).toBe('refused')
    expect(plan && interpretStatus(plan, 502).outcome).toBe('inconclusive')
  })

  it('shows the start of a long answer, and no answer as what it is', async () => {
    const plan = planTest({ mode: 'full' }, catalog)
    if (!plan) throw new Error('no plan')
    const long = await callWithKey(plan, credentials, async () => new Response('x'.repeat(9000)))
    expect(long.body).toBe(`${'x'.repeat(400)}…`)
    const none = await callWithKey(plan, credentials, () => Promise.reject(new TypeError('no')))
    expect(none).not.toHaveProperty('status')
    expect(none.outcome).toBe('inconclusive')
  })
})

import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Access } from '../../contract/access/access.ts'
import { compileRouter } from '../../contract/access/router.ts'
import { BackendUnavailable, type Backend, type BackendCall } from '../../contract/backend.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import { planRules, type Edition } from '../../contract/deployments/plans.ts'
import { basicAuthorization } from '../../contract/keys/credentials.ts'
import { createAddressFilter } from '../../contract/network/ip-addresses.ts'
import type { AccessCheck } from '../../contract/usage/schemas.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { parseTarget } from '../../gateway/target.ts'
import { CallCounter } from '../../gateway/usage/call-counter.ts'
import { decideAccess } from './access-check.ts'

// For each of three editions: over 100,000 in all.
const PAIRS = 34_000
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const
const editions: Edition[] = [
  { plan: 'dedicated', version: 'v5' },
  { plan: 'dedicated', version: 'v4' },
  { plan: 'serverless', version: 'v5' },
]

// What a path is written with where it isn't written as one expects.
const oddPieces =
  '%2F %2f %252F %2e .. . %2e%2e ..; %00 %0a \\ %5C % %zz %C3 %C3%BC ü %ED%A0%80 %c0%af + %20 ;x , # ? / // {clientid} %7Bclientid%7D * clients Clients %63lients kickout'
    .split(' ')
    .concat(' ')

const refusals: Record<number, AccessCheck['outcome']> = {
  400: 'malformedPath',
  403: 'notGranted',
  404: 'unknownOperation',
}

/** Paths as they should be, with odd pieces anywhere, or of nothing but those. */
function pathsOf(edition: Edition): fc.Arbitrary<string> {
  const templates = catalogOf(edition).operations.map(({ path }) => path)
  const odd = fc.constantFrom(...oddPieces)
  const value = fc.oneof(fc.constantFrom('a', '1', 'x:y', 'kickout'), odd)
  const expected = fc
    .tuple(fc.constantFrom(...templates), fc.array(value, { minLength: 3, maxLength: 3 }))
    .map(([path, values]) => {
      let at = 0
      return path.replaceAll(/\{\w+\}/g, () => values[at++ % values.length] ?? '')
    })
  const disturbed = fc.tuple(expected, odd, fc.nat({ max: 100 })).map(([path, piece, share]) => {
    const at = 1 + Math.floor((path.length * share) / 100)
    return `${path.slice(0, at)}${piece}${path.slice(at)}`
  })
  const pieces = fc.array(odd, { maxLength: 6 }).map((parts) => `/${parts.join('')}`)
  return fc.oneof(expected, disturbed, pieces, fc.constantFrom('', '?limit=1', '/'))
}

test.each(editions)(
  'The check agrees with the gateway on $plan $version',
  async (edition) => {
    const { operations } = catalogOf(edition)
    const router = compileRouter(catalogOf(edition))
    const half = operations.filter((_, at) => at % 2 === 0).map(({ id }) => id)
    const accesses: Access[] = [{ mode: 'full' }, { mode: 'list', operations: half }]
    const called: OperationId[] = []
    const backend: Backend = {
      supports: () => true,
      async call({ operation }: BackendCall) {
        called.push(operation.id)
        throw new BackendUnavailable('timeout', 'only what is asked for is of interest here')
      },
      status: async () => ({ state: 'running', startedAt: null }),
      figures: async () => ({}),
      connection: () => ({ host: '', listeners: [] }),
      close: async () => {},
    }
    const now = () => new Date(0)
    const sha256 = (text: string) => hash('sha256', text, 'hex')
    const gateway = createGateway({
      findKey: async ({ appId }) => ({
        ...edition,
        deploymentId: 'line',
        deploymentCreatedAt: '1970-01-01T00:00:00.000Z',
        secretHash: sha256('right'),
        oldSecret: { hash: '0'.repeat(64), endsAt: 0 },
        disabled: false,
        expiresAt: Number.POSITIVE_INFINITY,
        rights: {
          access: accesses[Number(appId)] ?? { mode: 'list', operations: [] },
          allowedAddresses: createAddressFilter([]),
        },
      }),
      backendOf: () => backend,
      sha256,
      now,
      counter: new CallCounter(now),
      recorder: { recordCall() {}, recordRefusedCredentials() {} },
      onError: (error) => {
        throw error
      },
    })
    const authorizations = accesses.map((_, at) => basicAuthorization(String(at), 'right'))
    const { signal } = new AbortController()

    /** What the gateway made of a call: the operation it went to or lacks, or its refusal. */
    async function answered(at: number, method: string, path: string): Promise<string> {
      called.length = 0
      const target = parseTarget(`/line${planRules(edition).apiBasePath}${path}`)
      if (!target) throw new Error(`${path} is no call of the API`)
      const headers = { authorization: authorizations[at] }
      const requestId = 'a-request'
      const call = { method, target, requestId, address: null, headers, body: null, signal }
      const { status } = await gateway.handle(call)
      return called.map((id) => `allowed ${id}`).join() || (refusals[status] ?? String(status))
    }

    const disagreements: string[] = []
    const outcomes = new Map<string, number>()
    const pairs = fc.tuple(fc.nat({ max: 1 }), fc.constantFrom(...methods), pathsOf(edition))
    for (const [at, method, path] of fc.sample(pairs, PAIRS)) {
      const check = decideAccess(router, accesses[at] ?? { mode: 'list', operations: [] }, {
        method,
        path,
      })
      const said = check.outcome === 'allowed' ? `allowed ${check.operation}` : check.outcome
      const done = await answered(at, method, path)
      if (said !== done) disagreements.push(`${method} ${path}: ${said}, but ${done}`)
      outcomes.set(check.outcome, (outcomes.get(check.outcome) ?? 0) + 1)
    }
    expect(disagreements).toEqual([])
    // Of each enough, so that agreement says something.
    expect([...outcomes.keys()].toSorted()).toEqual([
      'allowed',
      'malformedPath',
      'notGranted',
      'unknownOperation',
    ])
    expect(Math.min(...outcomes.values())).toBeGreaterThan(PAIRS / 100)
  },
  30_000,
)

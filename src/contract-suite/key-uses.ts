import assert from 'node:assert/strict'
import { sessionSchema } from '../contract/accounts/schemas.ts'
import type { Deployment } from '../contract/deployments/schemas.ts'
import { keyConditions, type KeyCondition } from '../contract/keys/key-conditions.ts'
import { apiKeyPageSchema } from '../contract/keys/schemas.ts'
import {
  accessCheckSchema,
  keyHealthSchema,
  refusedCallsSchema,
  refusedCredentialsSchema,
  usageSchema,
} from '../contract/usage/schemas.ts'
import { call, callDeployment, findDeployment, type ContractCase, type Host } from './host.ts'
import { list, newKey } from './new-key.ts'

async function readUsage(host: Host, params: Record<string, string>, days = '7') {
  const answer = await call(host, 'getUsage', { params, query: `?days=${days}` })
  assert.equal(answer.status, 200, answer.text)
  return usageSchema.parse(JSON.parse(answer.text))
}

type Counts = { allowed: number; refused: number; failed: number }

function sumCounts(calls: readonly Counts[]): Counts {
  const sum = { allowed: 0, refused: 0, failed: 0 }
  for (const { allowed, refused, failed } of calls) {
    sum.allowed += allowed
    sum.refused += refused
    sum.failed += failed
  }
  return sum
}

async function readHealth(host: Host, { id }: Deployment) {
  const { text } = await call(host, 'getKeyHealth', { params: { deploymentId: id } })
  return keyHealthSchema.parse(JSON.parse(text)).counts
}

async function keysThat(host: Host, { id }: Deployment, condition: KeyCondition) {
  const query = `?condition=${condition}&limit=200`
  const { text } = await call(host, 'listApiKeys', { params: { deploymentId: id }, query })
  return apiKeyPageSchema.parse(JSON.parse(text))
}

/** What the management API promises of how keys are used and refused. */
export const keyUseCases: ContractCase[] = [
  {
    name: 'the last use of a key is none yet, its last allowed call, or not recorded',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const key = await newKey(host, deployment, { access: list('GET /clients') })
      assert.deepEqual((await key.shown()).lastUse, { kind: 'never' })
      await key.calls('GET /subscriptions')
      await key.calls('GET /nowhere')
      await host.settle()
      assert.deepEqual((await key.shown()).lastUse, { kind: 'never' })
      assert.equal(await key.calls('GET /clients'), 200)
      await key.calls('GET /subscriptions')
      await host.settle()
      const { lastUse, version } = await key.shown()
      assert.ok(lastUse.kind === 'used')
      assert.ok(lastUse.at >= (key.created.apiKey.createdAt ?? ''))
      const { address } = sessionSchema.parse(JSON.parse((await call(host, 'getSession')).text))
      assert.deepEqual([lastUse.operation, lastUse.address, version], ['GET /clients', address, 1])
      await key.remove()
      const ferry = await findDeployment(host, 'dedicated', 'v4')
      const legacy = (await keysThat(host, ferry, 'legacy')).items
      assert.ok(legacy.some(({ lastUse }) => lastUse.kind === 'notRecorded'))
    },
  },
  {
    name: 'use is the calls that were made: by outcome, by operation and by address',
    async run(host) {
      const deployment = await findDeployment(host, 'byoc')
      const key = await newKey(host, deployment, { access: list('GET /clients', 'GET /rules') })
      const made = [
        ...Array.from({ length: 6 }, () => 'GET /clients'),
        ...Array.from({ length: 3 }, () => 'GET /subscriptions'),
        'GET /nowhere',
        'GET /clients//x',
      ]
      const statuses = await Promise.all(made.map((operation) => key.calls(operation)))
      assert.deepEqual(statuses, [...Array(6).fill(200), ...Array(3).fill(403), 404, 400])
      await host.settle()
      for (const [days, span, entries] of [
        ['1', 'hour', 24],
        ['7', 'hour', 168],
        ['30', 'day', 30],
        ['90', 'day', 90],
      ] as const) {
        const usage = await readUsage(host, key.params, days)
        assert.deepEqual([usage.span, usage.calls.length], [span, entries])
        assert.deepEqual(sumCounts(usage.calls), { allowed: 6, refused: 5, failed: 0 })
        const length = span === 'hour' ? 3_600_000 : 86_400_000
        const starts = usage.calls.map(({ start }) => Date.parse(start))
        assert.ok(starts.every((start, at) => at === 0 || start - (starts[at - 1] ?? 0) === length))
        assert.deepEqual(
          usage.operations.map(({ operation, lastUsedAt, ...counts }) => [
            operation,
            lastUsedAt !== null,
            counts,
          ]),
          [
            ['GET /clients', true, { allowed: 6, refused: 0, failed: 0 }],
            ['GET /subscriptions', false, { allowed: 0, refused: 3, failed: 0 }],
          ],
        )
        assert.deepEqual(
          usage.addresses.map(({ allowed }) => allowed),
          [6],
        )
        assert.equal(usage.recordedSince, key.created.apiKey.createdAt)
      }
      const bad = await call(host, 'getUsage', { params: key.params, query: '?days=8' })
      assert.equal(bad.status, 400)
      await key.remove()
    },
  },
  {
    name: 'what a key was refused is told by operation, with how often and from where',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const key = await newKey(host, deployment, { access: list('GET /clients') })
      for (const operation of ['GET /rules', 'GET /subscriptions', 'GET /rules', 'GET /nowhere']) {
        await key.calls(operation)
      }
      await host.settle()
      const { text } = await call(host, 'listRefusedCalls', { params: key.params })
      const { items } = refusedCallsSchema.parse(JSON.parse(text))
      const told = items.map(({ operation, reason, calls }) => `${operation} ${reason} ${calls}`)
      assert.deepEqual(told.toSorted(), [
        'GET /rules notGranted 2',
        'GET /subscriptions notGranted 1',
      ])
      assert.ok(items.every(({ firstAt, lastAt }) => firstAt <= lastAt))
      await key.remove()
    },
  },
  {
    name: 'credentials that open nothing are told with why, and no secret',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const key = await newKey(host, deployment, { access: list('GET /clients') })
      const { appId } = key.created.apiKey
      const unknown = `k${appId.slice(1).replaceAll(/./g, 'e')}`
      const wrong = 'lks_0000000000000000000000000000000000000000'
      const guess = (appId: string, appSecret: string) =>
        callDeployment(host, deployment, 'GET /clients', {
          apiKey: { ...key.created.apiKey, appId },
          appSecret,
        })
      await guess(appId, wrong)
      await guess(appId, wrong)
      await guess(unknown, wrong)
      await guess('somebody@example.org', 'a password typed in the wrong place')
      await key.change({ disabled: true })
      await key.calls('GET /clients')
      await host.settle()
      const params = { deploymentId: deployment.id }
      const { text } = await call(host, 'listRefusedCredentials', { params })
      assert.ok(!text.includes(wrong) && !text.includes('typed') && !text.includes('somebody'))
      const { items } = refusedCredentialsSchema.parse(JSON.parse(text))
      const toldOf = (appId: string) =>
        items
          .filter((one) => one.appId === appId)
          .map(({ reason, calls }) => `${reason} ${calls}`)
          .toSorted()
      assert.deepEqual(toldOf(appId), ['disabled 1', 'wrongSecret 2'])
      assert.ok(toldOf(unknown)[0]?.startsWith('unknown '))
      assert.ok(toldOf('')[0]?.startsWith('unknown '))
      await key.remove()
    },
  },
  {
    name: 'the access check says what the gateway does',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const key = await newKey(host, deployment, {
        access: list('GET /clients', 'GET /clients/{clientid}'),
      })
      const statuses = { allowed: [200, 404], notGranted: [403], unknownOperation: [404] }
      for (const [operation, outcome, of] of [
        ['GET /clients', 'allowed', 'GET /clients'],
        ['GET /clients?limit=1', 'allowed', 'GET /clients'],
        ['GET /cl%69ents/a%2Fb', 'allowed', 'GET /clients/{clientid}'],
        ['GET /subscriptions', 'notGranted', 'GET /subscriptions'],
        ['DELETE /clients/x', 'notGranted', 'DELETE /clients/{clientid}'],
        ['GET /api_key', 'unknownOperation', undefined],
        ['DELETE /subscriptions', 'unknownOperation', undefined],
      ] as const) {
        const [method, path] = operation.split(' ')
        const sent = { params: key.params, json: { method, path } }
        const { text } = await call(host, 'checkAccess', sent)
        const check = accessCheckSchema.parse(JSON.parse(text))
        assert.equal(check.outcome, outcome, operation)
        assert.equal('operation' in check ? check.operation : undefined, of)
        assert.ok(statuses[outcome].includes(await key.calls(operation)), operation)
      }
      const malformed = { params: key.params, json: { method: 'GET', path: '/clients/%2e%2e' } }
      const { text } = await call(host, 'checkAccess', malformed)
      assert.deepEqual(JSON.parse(text), { outcome: 'malformedPath', problem: 'dot segment' })
      const odd = { params: key.params, json: { method: 'TRACE', path: '/clients' } }
      assert.equal((await call(host, 'checkAccess', odd)).status, 422)
      await host.settle()
      await key.remove()
    },
  },
  {
    name: 'the health of keys counts what the list is filtered by',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const before = await readHealth(host, deployment)
      const full = await newKey(host, deployment, { access: { mode: 'full' } })
      const expiresAt = '2999-12-31T00:00:00.000Z'
      const narrow = await newKey(host, deployment, { access: list('GET /clients'), expiresAt })
      await narrow.rotate(86_400)
      await narrow.calls('GET /clients')
      await host.settle()
      const after = await readHealth(host, deployment)
      const added = keyConditions.flatMap((one) => {
        const more = (after[one] ?? 0) - (before[one] ?? 0)
        return more === 0 ? [] : [[one, more]]
      })
      assert.deepEqual(added, [
        ['fullAccess', 1],
        ['neverExpires', 1],
        ['oldSecretInUse', 1],
      ])
      for (const condition of keyConditions) {
        const { items, total } = await keysThat(host, deployment, condition)
        assert.deepEqual([items.length, total], [after[condition], after[condition]], condition)
      }
      const inUse = (await keysThat(host, deployment, 'oldSecretInUse')).items
      assert.ok(inUse.some(({ appId }) => appId === narrow.params.appId))
      assert.ok(inUse.every(({ oldSecret }) => oldSecret?.lastUsedAt))
      await full.remove()
      await narrow.remove()
      assert.deepEqual(await readHealth(host, deployment), before)
      const params = { deploymentId: deployment.id }
      const bad = await call(host, 'listApiKeys', { params, query: '?condition=bored' })
      assert.equal(bad.status, 400)
    },
  },
]

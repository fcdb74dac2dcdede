import assert from 'node:assert/strict'
import { sessionSchema } from '../contract/accounts/schemas.ts'
import { activityPageSchema, type ActivityEntry } from '../contract/activity/schemas.ts'
import { deploymentSchema } from '../contract/deployments/schemas.ts'
import { createToken, createUser, withToken } from './accounts.ts'
import { badFields, call, createKey, findDeployment, type ContractCase, type Host } from './host.ts'

async function page(host: Host, query: string) {
  const answer = await call(host, 'listActivity', { query })
  assert.equal(answer.status, 200, answer.text)
  return activityPageSchema.parse(JSON.parse(answer.text))
}

/** What was recorded while something was done, the oldest first. */
async function recordedBy(host: Host, act: () => Promise<unknown>): Promise<ActivityEntry[]> {
  const before = (await page(host, '?limit=1')).items[0]
  await act()
  const { items } = await page(host, '?limit=200')
  const until = before ? items.findIndex(({ id }) => id === before.id) : items.length
  assert.notEqual(until, -1, 'more was recorded than a page holds')
  return items.slice(0, until).toReversed()
}

const inShort = ({ action, subject, changes }: ActivityEntry) => ({
  action,
  subject: subject.name,
  changes: changes.map(({ field, before, after }) => [field, before, after]),
})

/** What the management API promises of the audit log. */
export const activityCases: ContractCase[] = [
  {
    name: "a key's life is recorded: who, which, where it was, and what changed from what to what",
    async run(host) {
      const me = sessionSchema.parse(JSON.parse((await call(host, 'getSession')).text))
      const { id, name } = await findDeployment(host, 'dedicated')
      let appId = ''
      const entries = await recordedBy(host, async () => {
        const access = { mode: 'list', operations: ['GET /clients', 'GET /rules'] }
        const deployment = await findDeployment(host, 'dedicated')
        ;({ appId } = (await createKey(host, deployment, { note: 'Told', access })).apiKey)
        const params = { deploymentId: id, appId }
        const change = (json: unknown, version: number) =>
          call(host, 'updateApiKey', { params, json, headers: { 'if-match': `"${version}"` } })
        await change({ note: '', access: { mode: 'list', operations: ['GET /rules'] } }, 1)
        await change({ disabled: true }, 2)
        await change({ disabled: true }, 3)
        await change({ note: 'Stale' }, 1)
        await change({ disabled: false, access: { mode: 'full' } }, 3)
        await call(host, 'deleteApiKey', { params })
      })
      assert.deepEqual(entries.map(inShort), [
        {
          action: 'apiKey.create',
          subject: 'Told',
          changes: [
            ['note', null, 'Told'],
            ['access', null, ['GET /clients', 'GET /rules']],
          ],
        },
        {
          action: 'apiKey.update',
          subject: appId,
          changes: [
            ['note', 'Told', null],
            ['access', ['GET /clients', 'GET /rules'], ['GET /rules']],
          ],
        },
        { action: 'apiKey.update', subject: appId, changes: [['status', 'active', 'disabled']] },
        {
          action: 'apiKey.update',
          subject: appId,
          changes: [
            ['access', ['GET /rules'], 'full'],
            ['status', 'disabled', 'active'],
          ],
        },
        { action: 'apiKey.delete', subject: appId, changes: [['access', 'full', null]] },
      ])
      for (const { actor, deployment, subject } of entries) {
        assert.deepEqual(actor, { kind: me.kind, id: me.id, name: me.name })
        assert.deepEqual(deployment, { id, name })
        assert.deepEqual([subject.kind, subject.id], ['apiKey', appId])
      }
      const history = await page(host, `?deploymentId=${id}&appId=${appId}`)
      assert.deepEqual(history.items.toReversed(), entries)
    },
  },
  {
    name: 'deployments, users and tokens are recorded as well, by token too, and stay when they go',
    async run(host) {
      const entries = await recordedBy(host, () =>
        withToken(host, 'administrator', async (headers) => {
          const json = { name: 'Brief', plan: 'byoc', backend: { kind: 'embedded' } }
          const added = await call(host, 'createDeployment', { json, headers })
          const { id } = deploymentSchema.parse(JSON.parse(added.text))
          const params = { deploymentId: id }
          const ifMatch = { 'if-match': '"1"' }
          await call(host, 'updateDeployment', {
            params,
            json: { name: 'Short' },
            headers: ifMatch,
          })
          await call(host, 'deleteDeployment', { params, headers })
          const user = await createUser(host, 'noor', 'viewer')
          await call(host, 'updateUser', {
            params: { userId: user.id },
            json: { role: 'operator', password: 'another long password' },
            headers: ifMatch,
          })
          await call(host, 'deleteUser', { params: { userId: user.id } })
        }),
      )
      assert.deepEqual(entries.map(inShort), [
        {
          action: 'token.create',
          subject: 'administrator token',
          changes: [['role', null, 'administrator']],
        },
        {
          action: 'deployment.create',
          subject: 'Brief',
          changes: [
            ['name', null, 'Brief'],
            ['plan', null, 'BYOC'],
            ['backend', null, 'embedded'],
          ],
        },
        { action: 'deployment.update', subject: 'Short', changes: [['name', 'Brief', 'Short']] },
        {
          action: 'deployment.delete',
          subject: 'Short',
          changes: [
            ['name', 'Short', null],
            ['apiKeys', '0', null],
          ],
        },
        {
          action: 'user.create',
          subject: 'noor',
          changes: [
            ['role', null, 'viewer'],
            ['signIn', null, 'password'],
          ],
        },
        {
          action: 'user.update',
          subject: 'noor',
          changes: [
            ['role', 'viewer', 'operator'],
            ['password', null, 'changed'],
          ],
        },
        { action: 'user.delete', subject: 'noor', changes: [['role', 'operator', null]] },
        {
          action: 'token.delete',
          subject: 'administrator token',
          changes: [['role', 'administrator', null]],
        },
      ])
      assert.deepEqual(
        entries
          .filter(({ actor }) => actor.name === 'administrator token')
          .map(({ action }) => action),
        ['deployment.create', 'deployment.delete'],
      )
    },
  },
  {
    name: 'a refusal by role is recorded, and no other refusal',
    async run(host) {
      const { id, name } = await findDeployment(host, 'dedicated')
      const entries = await recordedBy(host, () =>
        withToken(host, 'viewer', async (headers) => {
          const params = { deploymentId: id }
          assert.equal(
            (await call(host, 'createApiKey', { params, headers, json: {} })).status,
            403,
          )
          await call(host, 'createApiKey', { params, json: {} })
          await call(host, 'listUsers', { headers: { authorization: 'Bearer nonsense' } })
          await call(host, 'deleteSession', { headers })
        }),
      )
      assert.deepEqual(
        entries.map(({ action }) => action),
        ['token.create', 'request.refuse', 'token.delete'],
      )
      assert.deepEqual(entries[1]?.subject, {
        kind: 'request',
        id: null,
        name: 'POST /deployments/{deploymentId}/api-keys',
      })
      assert.deepEqual(entries[1]?.deployment, { id, name })
      assert.equal(entries[1]?.actor.kind, 'token')
    },
  },
  {
    name: 'Activity is searched, filtered and paged, and the export has the same, whole',
    async run(host) {
      const made = await recordedBy(host, async () => {
        for (const name of ['Paging one', 'Paging two', '=Paging "three", +1', 'Other']) {
          const { token } = await createToken(host, 'viewer', { name })
          await call(host, 'deleteToken', { params: { tokenId: token.id } })
        }
      })
      assert.equal(made.length, 8)
      const newest = made.filter(({ subject }) => subject.name !== 'Other').toReversed()
      const from = made[0]?.at ?? ''
      const query = `?subject=token&search=PAGING&from=${from}`
      const seen: ActivityEntry[] = []
      let cursor = ''
      do {
        const { items, nextCursor } = await page(host, `${query}&limit=4&${cursor}`)
        seen.push(...items)
        cursor = nextCursor === null ? '' : `cursor=${nextCursor}`
      } while (cursor !== '')
      assert.deepEqual(seen.slice(0, 6), newest)
      assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
      assert.deepEqual(
        (await page(host, `?to=${from}&subject=token&search=paging%20three`)).items,
        [],
      )
      assert.deepEqual((await page(host, `?subject=user&search=paging`)).items, [])

      const csv = await call(host, 'exportActivity', { query })
      assert.equal(csv.status, 200)
      assert.match(csv.headers['content-type'] ?? '', /^text\/csv; charset=utf-8/)
      assert.match(
        csv.headers['content-disposition'] ?? '',
        /^attachment; filename="[\w.-]+\.csv"$/,
      )
      const lines = csv.text.trimEnd().split('\r\n')
      assert.equal(lines.length, seen.length + 1)
      const formula = lines.find((line) => line.includes('three')) ?? ''
      assert.ok(formula.includes(`,"'=Paging ""three"", +1",`), formula)
    },
  },
  {
    name: 'bad queries of Activity are refused by name',
    async run(host) {
      for (const [query, field] of [
        ['?limit=0', 'limit'],
        ['?subject=weather', 'subject'],
        ['?from=yesterday', 'from'],
        ['?cursor=nonsense', 'cursor'],
        ['?colour=red', 'colour'],
      ] as const) {
        const answer = await call(host, 'listActivity', { query })
        assert.deepEqual([answer.status, badFields(answer)], [400, [field]], query)
      }
      assert.equal((await call(host, 'exportActivity', { query: '?limit=1' })).status, 400)
    },
  },
]

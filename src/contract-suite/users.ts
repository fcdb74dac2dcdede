import assert from 'node:assert/strict'
import { sessionSchema, userSchema } from '../contract/accounts/schemas.ts'
import { bearer, createUser, listUsers, PASSWORD, withToken } from './accounts.ts'
import { badFields, call, type ContractCase } from './host.ts'

const input = { username: 'noor', password: PASSWORD, role: 'viewer' }

const badBodies: [name: string, json: Record<string, unknown>, field: string][] = [
  ['no name', { ...input, username: '' }, 'username'],
  ['a name in capitals', { ...input, username: 'Noor' }, 'username'],
  ['a name with a space', { ...input, username: 'noor a' }, 'username'],
  ['a short password', { ...input, password: 'short' }, 'password'],
  ['an endless password', { ...input, password: 'x'.repeat(129) }, 'password'],
  ['an unknown role', { ...input, role: 'owner' }, 'role'],
  ['an unknown field', { ...input, version: 7 }, 'version'],
]

/** What the management API promises of users. */
export const userCases: ContractCase[] = [
  {
    name: 'a user is added, gets another role and password, and is removed',
    async run(host) {
      const user = await createUser(host, 'noor', 'viewer')
      assert.deepEqual(
        [user.username, user.role, user.signIn, user.lastSignInAt, user.version],
        ['noor', 'viewer', 'password', null, 1],
      )
      const params = { userId: user.id }
      const change = (json: unknown, version: number) =>
        call(host, 'updateUser', { params, json, headers: { 'if-match': `"${version}"` } })

      const risen = await change({ role: 'operator' }, 1)
      assert.deepEqual([risen.status, risen.headers['etag']], [200, '"2"'], risen.text)
      assert.equal((await change({ password: `${PASSWORD}!` }, 2)).status, 200)
      assert.equal((await change({ role: 'viewer' }, 2)).status, 412)
      assert.equal((await call(host, 'updateUser', { params, json: {} })).status, 428)
      const shown = await call(host, 'getUser', { params })
      assert.equal(userSchema.parse(JSON.parse(shown.text)).role, 'operator')
      assert.equal(shown.headers['etag'], '"3"')

      const headers = { 'if-match': '"1"' }
      assert.equal((await call(host, 'deleteUser', { params, headers })).status, 412)
      assert.equal((await call(host, 'deleteUser', { params })).status, 204)
      assert.equal((await call(host, 'getUser', { params })).status, 404)
      assert.equal((await call(host, 'deleteUser', { params })).status, 404)
      assert.equal((await change({ role: 'viewer' }, 3)).status, 404)
    },
  },
  ...badBodies.map(([name, json, field]): ContractCase => ({
    name: `a user with ${name} is refused by name and not added`,
    async run(host) {
      const before = await listUsers(host)
      const answer = await call(host, 'createUser', { json })
      assert.equal(answer.status, 422, answer.text)
      assert.deepEqual(badFields(answer), [field])
      assert.deepEqual(await listUsers(host), before)
    },
  })),
  {
    name: 'two users never have one name, and the users come in the order of theirs',
    async run(host) {
      const made = [
        await createUser(host, 'zoe', 'viewer'),
        await createUser(host, 'abel', 'viewer'),
      ]
      const again = await call(host, 'createUser', { json: { ...input, username: 'zoe' } })
      assert.deepEqual([again.status, badFields(again)], [422, ['username']])
      const names = (await listUsers(host)).map(({ username }) => username)
      assert.deepEqual(names, names.toSorted())
      assert.equal(names.filter((name) => name === 'zoe').length, 1)
      for (const { id } of made) await call(host, 'deleteUser', { params: { userId: id } })
    },
  },
  {
    name: 'the last administrator stays one, until there is another',
    async run(host) {
      const [last, ...others] = (await listUsers(host)).filter(
        ({ role }) => role === 'administrator',
      )
      assert.ok(last && others.length === 0, 'a host starts with one administrator')
      const params = { userId: last.id }
      const demote = (userId: string, version: number) =>
        call(host, 'updateUser', {
          params: { userId },
          json: { role: 'operator' },
          headers: { 'if-match': `"${version}"` },
        })
      assert.equal((await demote(last.id, last.version)).status, 409)
      assert.equal((await call(host, 'deleteUser', { params })).status, 409)
      const second = await createUser(host, 'second', 'administrator')
      assert.equal((await demote(second.id, second.version)).status, 200)
      assert.equal((await call(host, 'deleteUser', { params })).status, 409)
      assert.equal((await call(host, 'deleteUser', { params: { userId: second.id } })).status, 204)
      assert.equal((await demote(last.id, last.version)).status, 409)
      assert.equal((await call(host, 'getUser', { params })).status, 200)
    },
  },
  {
    name: 'no answer about a user has a password or its hash',
    async run(host) {
      const user = await createUser(host, 'noor', 'viewer')
      const params = { userId: user.id }
      for (const name of ['getUser', 'listUsers', 'listActivity', 'exportActivity'] as const) {
        const { text } = await call(host, name, { params })
        assert.ok(!text.includes(PASSWORD) && !/argon|scrypt|"hash/i.test(text), name)
      }
      await call(host, 'deleteUser', { params })
    },
  },
  {
    name: 'who is asking is told to people and to tokens',
    async run(host) {
      const me = sessionSchema.parse(JSON.parse((await call(host, 'getSession')).text))
      assert.equal(me.role, 'administrator')
      await withToken(host, 'operator', async (headers, { token, secret }) => {
        assert.deepEqual(headers, bearer(secret))
        const { text } = await call(host, 'getSession', { headers })
        const { kind, id, name, role, hasPassword } = sessionSchema.parse(JSON.parse(text))
        assert.deepEqual(
          [kind, id, name, role, hasPassword],
          ['token', token.id, token.name, 'operator', false],
        )
      })
    },
  },
]

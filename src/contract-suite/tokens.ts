import assert from 'node:assert/strict'
import { tokenListSchema } from '../contract/accounts/schemas.ts'
import { basicAuthorization, TOKEN_SECRET } from '../contract/keys/credentials.ts'
import { bearer, createToken, withToken } from './accounts.ts'
import {
  badFields,
  call,
  findDeployment,
  eventually,
  type ContractCase,
  type Host,
} from './host.ts'

const input = { name: 'Nightly', role: 'viewer', expiresAt: null }

const badBodies: [name: string, json: Record<string, unknown>, field: string][] = [
  ['no name', { ...input, name: ' ' }, 'name'],
  ['a name of 61 characters', { ...input, name: 'x'.repeat(61) }, 'name'],
  ['an unknown role', { ...input, role: 'root' }, 'role'],
  ['an expiry that is no time', { ...input, expiresAt: 'tomorrow' }, 'expiresAt'],
  ['an expiry that has passed', { ...input, expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt'],
  ['no word on its expiry', { name: 'Nightly', role: 'viewer' }, 'expiresAt'],
]

async function tokens(host: Host) {
  return tokenListSchema.parse(JSON.parse((await call(host, 'listTokens')).text)).items
}

async function tokenIds(host: Host): Promise<string[]> {
  return (await tokens(host)).map(({ id }) => id)
}

/** What the management API promises of automation tokens. */
export const tokenCases: ContractCase[] = [
  {
    name: 'a token is made, used, and deleted; its secret is in the answer that made it alone',
    async run(host) {
      const before = await tokenIds(host)
      const { token, secret } = await createToken(host, 'viewer', { name: ' Nightly report ' })
      assert.match(secret, TOKEN_SECRET)
      assert.deepEqual([token.name, token.lastUsedAt], ['Nightly report', null])
      const headers = bearer(secret)
      assert.equal((await call(host, 'listDeployments', { headers })).status, 200)
      const listed = (await tokens(host)).find(({ id }) => id === token.id)
      assert.match(listed?.lastUsedAt ?? '', /:00\.000Z$/)
      for (const name of ['listTokens', 'listActivity', 'exportActivity'] as const) {
        const { text } = await call(host, name)
        assert.ok(!text.includes(secret) && !/hash/i.test(text), name)
      }
      const params = { tokenId: token.id }
      assert.equal((await call(host, 'deleteToken', { params })).status, 204)
      assert.equal((await call(host, 'listDeployments', { headers })).status, 401)
      assert.equal((await call(host, 'deleteToken', { params })).status, 404)
      assert.deepEqual(await tokenIds(host), before)
    },
  },
  ...badBodies.map(([name, json, field]): ContractCase => ({
    name: `a token with ${name} is refused by name and not made`,
    async run(host) {
      const before = await tokenIds(host)
      const answer = await call(host, 'createToken', { json })
      assert.equal(answer.status, 422, answer.text)
      assert.deepEqual(badFields(answer), [field])
      assert.deepEqual(await tokenIds(host), before)
    },
  })),
  {
    name: 'an expired token is nobody',
    async run(host) {
      const expiresAt = new Date(Date.now() + 1500).toISOString()
      const { token, secret } = await createToken(host, 'viewer', { expiresAt })
      const headers = bearer(secret)
      await eventually(async () => {
        return (await call(host, 'listDeployments', { headers })).status === 401
      })
      const params = { tokenId: token.id }
      assert.equal((await call(host, 'deleteToken', { params })).status, 204)
    },
  },
  {
    name: "a token opens no deployment's API, in whatever form it is shown",
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const path = `${new URL(deployment.apiBaseUrl).pathname}/clients`
      await withToken(host, 'administrator', async (headers, { token, secret }) => {
        const refusals = []
        for (const authorization of [
          headers.authorization,
          basicAuthorization(token.id, secret),
          basicAuthorization(token.name, secret),
          basicAuthorization(secret, secret),
        ]) {
          refusals.push(await host.send('GET', path, { headers: { authorization } }))
        }
        assert.deepEqual(new Set(refusals.map(({ status }) => status)), new Set([401]))
        assert.equal(new Set(refusals.map(({ text }) => text)).size, 1)
      })
    },
  },
]

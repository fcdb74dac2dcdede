import assert from 'node:assert/strict'
import { roles, type Role } from '../contract/accounts/roles.ts'
import { MANAGEMENT_BASE } from '../contract/http/base-path.ts'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import { routes, type RouteName } from '../contract/routes.ts'
import { bearer, withToken } from './accounts.ts'
import {
  call,
  createKey,
  findDeployment,
  filledPath,
  type ContractCase,
  type Host,
} from './host.ts'

type Row = {
  /** Who is authorized: anyone, any authenticated caller, only people, only keys, or a least role. */
  who: 'anyone' | 'known' | 'people' | 'deploymentKey' | Role
  /** The body. The request changes nothing, since it names nothing that exists. */
  json?: unknown
  /** The status for authorized callers; undefined for any but 401 and 403, where hosts differ. */
  gets: number | undefined
}

/** The access control matrix, written by hand, to compare the product's own tables with. */
export const routeMatrix: Record<RouteName, Row> = {
  getSignInOptions: { who: 'anyone', gets: 200 },
  createSession: { who: 'anyone', json: {}, gets: 422 },
  getSession: { who: 'known', gets: 200 },
  deleteSession: { who: 'people', gets: 204 },
  deleteSessions: { who: 'people', gets: 204 },
  changePassword: { who: 'people', json: {}, gets: 422 },
  startOpenId: { who: 'anyone', gets: undefined },
  finishOpenId: { who: 'anyone', gets: undefined },

  listUsers: { who: 'administrator', gets: 200 },
  createUser: { who: 'administrator', json: {}, gets: 422 },
  getUser: { who: 'administrator', gets: 404 },
  updateUser: { who: 'administrator', json: { role: 'viewer' }, gets: 404 },
  deleteUser: { who: 'administrator', gets: 404 },

  listTokens: { who: 'administrator', gets: 200 },
  createToken: { who: 'administrator', json: {}, gets: 422 },
  deleteToken: { who: 'administrator', gets: 404 },

  listActivity: { who: 'viewer', gets: 200 },
  exportActivity: { who: 'viewer', gets: 200 },

  listDeployments: { who: 'viewer', gets: 200 },
  createDeployment: { who: 'administrator', json: {}, gets: 422 },
  getDeployment: { who: 'viewer', gets: 404 },
  updateDeployment: { who: 'administrator', json: { name: 'x' }, gets: 404 },
  deleteDeployment: { who: 'administrator', gets: 404 },
  getFigures: { who: 'viewer', gets: 404 },
  getCatalog: { who: 'viewer', gets: 404 },
  listApiKeys: { who: 'viewer', gets: 404 },
  createApiKey: { who: 'administrator', json: { access: { mode: 'full' } }, gets: 404 },
  getApiKey: { who: 'viewer', gets: 404 },
  updateApiKey: { who: 'operator', json: { note: 'x' }, gets: 404 },
  deleteApiKey: { who: 'administrator', gets: 404 },
  rotateApiKey: { who: 'operator', json: { keepOldSecretFor: 0 }, gets: 404 },
  endOldSecret: { who: 'operator', gets: 404 },
  getUsage: { who: 'viewer', gets: 404 },
  listRefusedCalls: { who: 'viewer', gets: 404 },
  checkAccess: { who: 'viewer', json: { method: 'GET', path: '/clients' }, gets: 404 },
  listRefusedCredentials: { who: 'viewer', gets: 404 },
  getKeyHealth: { who: 'viewer', gets: 404 },

  getSelf: { who: 'deploymentKey', gets: 200 },
}

const params = {
  userId: 'nobody',
  tokenId: 'nothing',
  deploymentId: 'nowhere',
  appId: 'k00000000000',
}

/** An unauthenticated caller, a deployment key, or a person or automation token with a role. */
export type MatrixCaller = 'unknown' | 'deploymentKey' | { kind: 'person' | 'token'; role: Role }

/** The status of a row of the matrix for a caller; undefined is any but 401 and 403. */
export function expectedStatus({ who, gets }: Row, caller: MatrixCaller): number | undefined {
  if (who === 'anyone') return gets
  if (who === 'deploymentKey') return caller === who ? gets : 401
  if (caller === 'unknown' || caller === 'deploymentKey') return 401
  if (who === 'known') return gets
  if (who === 'people') return caller.kind === 'person' ? gets : 403
  return roles.indexOf(caller.role) >= roles.indexOf(who) ? gets : 403
}

/** Sends each row's request as this caller, and checks the status. */
export async function proveMatrix(
  host: Host,
  caller: MatrixCaller,
  headers: Record<string, string>,
  isLeftOut: (name: RouteName) => boolean = () => false,
): Promise<void> {
  assert.deepEqual(Object.keys(routeMatrix).toSorted(), Object.keys(routes).toSorted())
  for (const name of keysOf(routeMatrix)) {
    if (isLeftOut(name)) continue
    const row = routeMatrix[name]
    const body = row.json === undefined ? {} : { body: JSON.stringify(row.json) }
    const path = `${MANAGEMENT_BASE}${filledPath(name, params)}`
    const { status } = await host.send(routes[name].method.toUpperCase(), path, {
      headers: { 'if-match': '"1"', 'content-type': 'application/json', ...headers },
      ...body,
    })
    const expected = expectedStatus(row, caller)
    if (expected === undefined) assert.ok(status !== 401 && status !== 403, `${name}: ${status}`)
    else assert.equal(status, expected, name)
  }
}

function keysOf<Key extends string>(table: Record<Key, unknown>): Key[] {
  return Object.keys(table).filter((key): key is Key => Object.hasOwn(table, key))
}

/** The matrix for Authorization headers; sessions differ from host to host. */
export const matrixCases: ContractCase[] = [
  ...roles.map((role): ContractCase => ({
    name: `a token of a ${role} may do what the matrix says, on every route`,
    run: (host) =>
      withToken(host, role, (headers) => proveMatrix(host, { kind: 'token', role }, headers)),
  })),
  {
    name: 'a deployment key opens the one route that is for it, and no other',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const { apiKey, appSecret } = await createKey(host, deployment, { access: { mode: 'full' } })
      const { appId } = apiKey
      const authorization = basicAuthorization(appId, appSecret)
      await proveMatrix(host, 'deploymentKey', { authorization })
      await call(host, 'deleteApiKey', { params: { deploymentId: deployment.id, appId } })
      await proveMatrix(host, 'unknown', { authorization })
    },
  },
  {
    name: 'whatever else is in the Authorization header is nobody, on every route',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const { apiKey, appSecret } = await createKey(host, deployment, { access: { mode: 'full' } })
      const { appId } = apiKey
      await withToken(host, 'administrator', async ({ authorization }, { token, secret }) => {
        for (const wrong of [
          basicAuthorization(token.id, secret),
          `Bearer ${appSecret}`,
          `Bearer lkt_${'x'.repeat(40)}`,
          `${authorization}x`,
          authorization.slice(0, -1),
          `${authorization}, ${authorization}`,
          `Basic ${secret}`,
          secret,
          'Bearer',
        ]) {
          await proveMatrix(host, 'unknown', { authorization: wrong })
        }
      })
      await call(host, 'deleteApiKey', { params: { deploymentId: deployment.id, appId } })
    },
  },
  {
    name: 'a deleted token is nobody from its next call on',
    async run(host) {
      let headers = bearer('')
      await withToken(host, 'administrator', async (good) => {
        headers = good
        assert.equal((await call(host, 'listUsers', { headers })).status, 200)
      })
      const refused = await call(host, 'listUsers', { headers })
      assert.equal(refused.status, 401)
      assert.equal(refused.headers['www-authenticate'], 'Bearer realm="latchkey"')
    },
  },
]

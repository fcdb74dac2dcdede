import { describe, expect, it, test } from 'vitest'
import { decide } from './access.ts'
import { isBlockedOperation } from './blocked-operations.ts'
import { compileRouter } from './router.ts'
import { summarizeAccess } from './summary.ts'
import { enterpriseCatalog, plainPathOf, planCatalogs } from './testing.ts'

const enterprise = enterpriseCatalog.operations

test.each(planCatalogs)(
  'no operation of the %s catalog is withheld from every key',
  (_n, catalog) => {
    expect(catalog.operations.filter(isBlockedOperation)).toEqual([])
  },
)

describe('of all that a self-hosted EMQX offers', () => {
  it.each([
    ['API Keys', 5],
    ['Dashboard Single Sign-On', 9],
    ['Data Backup', 6],
  ])('all of %s is withheld from every key', (category, count) => {
    const operations = enterprise.filter((one) => one.category === category)
    expect(operations).toHaveLength(count)
    expect(operations.filter((one) => !isBlockedOperation(one))).toEqual([])
  })

  it('the users and sign-in of its dashboard are, and the settings they are kept in', () => {
    const withheld = enterprise.filter(isBlockedOperation).map((one) => one.id)
    const categories = ['API Keys', 'Dashboard Single Sign-On', 'Data Backup']
    const others = enterprise.filter((one) => !categories.includes(one.category))
    expect(withheld).toHaveLength(5 + 9 + 6 + 12)
    expect(others.filter(isBlockedOperation).map((one) => one.id)).toEqual([
      'GET /configs',
      'PUT /configs',
      'GET /configs/dashboard',
      'PUT /configs/dashboard',
      'POST /configs_reset/{rootname}',
      'POST /login',
      'POST /logout',
      'GET /users',
      'POST /users',
      'DELETE /users/{username}',
      'PUT /users/{username}',
      'POST /users/{username}/change_pwd',
    ])
  })

  it('what is withheld is unknown to a key with full access and to one that lists it', () => {
    const router = compileRouter(enterpriseCatalog)
    for (const operation of enterprise) {
      const path = plainPathOf(operation, 'x')
      const outcomes = (
        [{ mode: 'full' }, { mode: 'list', operations: [operation.id] }] as const
      ).map((access) => decide(router, access, operation.method, path).outcome)
      const expected = isBlockedOperation(operation) ? 'unknownOperation' : 'allowed'
      expect([operation.id, ...outcomes]).toEqual([operation.id, expected, expected])
    }
  })

  it('what is withheld is not shown as granted either', () => {
    const everything = enterprise.map((one) => one.id)
    for (const access of [{ mode: 'full' }, { mode: 'list', operations: everything }] as const) {
      const { granted, total } = summarizeAccess(access, enterpriseCatalog)
      expect([granted, total]).toEqual([371 - 32, 371])
    }
  })
})

test.each<`/${string}`>([
  '/apps',
  '/apps/{appid}',
  '/auth',
  '/users/{username}/mfa',
  '/api_key/{name}/rotate',
])('%s is withheld as well', (path) => {
  expect(isBlockedOperation({ path })).toBe(true)
})

test.each<`/${string}`>([
  '/auth_username',
  '/authentication/{id}/users',
  '/users_online',
  '/configs/log',
  '/apps2',
])('%s only looks alike', (path) => {
  expect(isBlockedOperation({ path })).toBe(false)
})

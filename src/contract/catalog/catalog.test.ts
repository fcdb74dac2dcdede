import { describe, expect, it, test } from 'vitest'
import { editionExists, planRules, plans, versions } from '../deployments/plans.ts'
import { catalogOf } from './catalog.ts'
import { readFixture, type FixtureLine } from './fixtures.ts'
import { defineCatalog, type Catalog, type Operation } from './operation.ts'
import { serverlessCatalog } from './serverless.ts'
import { v4Catalog } from './v4.ts'
import { v5Catalog } from './v5.ts'

const catalogs: [name: string, catalog: Catalog, documented: FixtureLine[], size: number][] = [
  ['Serverless', serverlessCatalog, readFixture('serverless'), 11],
  ['v5', v5Catalog, readFixture('v5-dedicated'), 77],
  ['v4', v4Catalog, readFixture('v4-dedicated'), 55],
]
const everyOperation = [serverlessCatalog, v5Catalog, v4Catalog].flatMap((one) => one.operations)

const sentenceOf = (risk: string | undefined) => risk ?? 'none'
const wordsOf = (text: string) => text.split(' ').length

describe.each(catalogs)('the %s catalog', (_name, catalog, documented, size) => {
  it('holds exactly the documented operations, in their categories and order', () => {
    const listed = catalog.categories.flatMap(({ name, operations }) =>
      operations.map(({ method, path }) => ({ method, path, category: name })),
    )
    expect(listed).toEqual(documented)
    expect(listed).toHaveLength(size)
    expect(catalog.operations).toEqual(catalog.categories.flatMap((one) => one.operations))
  })

  it('names each operation by method and path, once', () => {
    for (const operation of catalog.operations) {
      expect(operation.id).toBe(`${operation.method} ${operation.path}`)
      expect(catalog.byId.get(operation.id)).toBe(operation)
    }
    expect(catalog.byId.size).toBe(size)
  })

  it('says what each operation does in a few words that no other of its category has', () => {
    for (const { summary } of catalog.operations) {
      expect(summary).toMatch(/^[A-Z][a-z]+ [\w ,-]*\w$/)
      expect(summary.length).toBeLessThanOrEqual(60)
      expect(wordsOf(summary)).toBeGreaterThanOrEqual(2)
      expect(wordsOf(summary)).toBeLessThanOrEqual(7)
    }
    for (const { operations } of catalog.categories) {
      expect(new Set(operations.map((one) => one.summary)).size).toBe(operations.length)
    }
  })

  it('warns in one short sentence about the key, and never of a read', () => {
    const risky = catalog.operations.filter((one) => one.risk !== undefined)
    expect(risky).not.toHaveLength(0)
    for (const { method, risk } of risky) {
      expect(method).not.toBe('GET')
      expect(risk).toMatch(/^Can [^.]+\.$/)
      expect(sentenceOf(risk).length).toBeLessThanOrEqual(110)
    }
  })

  it('has no template that starts with a parameter, or a parameter that is part of a segment', () => {
    for (const { path } of catalog.operations) {
      expect(path).toMatch(/^\/[\w$]+(?:\/(?:[\w$:]+|\{\w+\}))*$/)
    }
  })
})

test('summaries of reads and deletions start with the few words that say so', () => {
  const verbsOf = (method: string) =>
    new Set(
      everyOperation
        .filter((one) => one.method === method)
        .map((one) => one.summary.split(' ', 1).join()),
    )
  expect(verbsOf('GET')).toEqual(new Set(['List', 'Show']))
  expect(verbsOf('DELETE')).toEqual(new Set(['Delete', 'Disconnect', 'Lift', 'Clear']))
})

test('what is the same in several catalogs reads the same', () => {
  // v4 calls actions what v5 calls action types.
  const differs = (one: Operation) => /^\/actions(\/|$)/.test(one.path)
  const templateOf = (one: Operation) => `${one.method} ${one.path.replace(/\{\w+\}/g, '{}')}`
  const same = Map.groupBy(
    everyOperation.filter((one) => !differs(one)),
    templateOf,
  )
  for (const operations of same.values()) {
    expect(new Set(operations.map((one) => `${one.summary}: ${sentenceOf(one.risk)}`)).size).toBe(1)
  }
})

test.each([
  ['creating users', /^(POST|PUT) \/(auth_|authentication\/)/],
  ['authorization rules', /^(POST|PUT|DELETE) \/(acl|authorization\/)/],
  ['bans', /^(POST|DELETE) \/banned/],
  ['kicks', /^(DELETE \/clients\/\{clientid\}$|POST \/clients\/kickout)/],
  ['publishing', /^POST \/(mqtt\/)?publish/],
  ['subscribing for clients', /^POST .*\/(un)?subscribe/],
  ['data integration', /^(POST|PUT) \/(rules|actions|connectors|resources)(?!.*\/metrics\/reset$)/],
  ['probes', /^POST \/\w+_probe$/],
])('every operation that goes around other limits has a risk: %s', (_name, ids) => {
  const operations = everyOperation.filter((one) => ids.test(one.id))
  expect(operations).not.toHaveLength(0)
  expect(operations.filter((one) => one.risk === undefined)).toEqual([])
})

test('an operation with another effect than these has no risk', () => {
  const unlabelled = everyOperation.filter((one) => one.method !== 'GET' && !one.risk)
  expect(new Set(unlabelled.map((one) => one.summary))).toEqual(
    new Set([
      'Delete an action',
      'Reset metrics of an action',
      'Delete a user',
      'Delete a username',
      'Delete a client ID',
      'Clear authorization cache of a client',
      'Delete a connector',
      'Delete the retained message of a topic',
      'Delete all retained messages',
      'Delete a rule',
      'Reset metrics of a rule',
      'Create a schema',
      'Update a schema',
      'Delete a schema',
      'Delete a resource',
      'Create a shadow',
      'Update a shadow',
      'Delete a shadow',
      'Replace the document of a shadow',
      'Merge into the document of a shadow',
    ]),
  )
})

test('a plan and version decide the catalog', () => {
  expect(catalogOf({ plan: 'serverless', version: 'v5' })).toBe(serverlessCatalog)
  expect(catalogOf({ plan: 'dedicated', version: 'v4' })).toBe(v4Catalog)
  for (const plan of ['dedicated', 'dedicatedFlex', 'byoc'] as const) {
    expect(catalogOf({ plan, version: 'v5' })).toBe(v5Catalog)
  }
})

test('the plan rules know how many operations each catalog has', () => {
  const editions = plans.flatMap((plan) => versions.map((version) => ({ plan, version })))
  for (const edition of editions.filter(editionExists)) {
    expect(planRules(edition).operationCount).toBe(catalogOf(edition).operations.length)
  }
})

test('an operation that stands twice is refused', () => {
  const line = ['GET', '/clients', 'List clients'] as const
  expect(() => defineCatalog({ Clients: [line], More: [line] })).toThrow('stands twice')
})

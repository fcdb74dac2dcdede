import { expect, test } from 'vitest'
import { editionExists, planRules, plans, versions, type Edition, type PlanRules } from './plans.ts'

const configurable = { keysAreConfigurable: true, hasLegacyKeys: false } as const

test.each<[edition: Edition, rules: PlanRules]>([
  [
    { plan: 'serverless', version: 'v5' },
    {
      label: 'Serverless',
      apiBasePath: '/api/v5',
      operationCount: 11,
      keysAreConfigurable: false,
      hasLegacyKeys: false,
    },
  ],
  [
    { plan: 'dedicated', version: 'v5' },
    { label: 'Dedicated v5', apiBasePath: '/api/v5', operationCount: 77, ...configurable },
  ],
  [
    { plan: 'dedicatedFlex', version: 'v5' },
    { label: 'Dedicated Flex', apiBasePath: '/api/v5', operationCount: 77, ...configurable },
  ],
  [
    { plan: 'byoc', version: 'v5' },
    { label: 'BYOC', apiBasePath: '/api/v5', operationCount: 77, ...configurable },
  ],
  [
    { plan: 'dedicated', version: 'v4' },
    {
      label: 'Dedicated v4',
      apiBasePath: '/api',
      operationCount: 55,
      ...configurable,
      hasLegacyKeys: true,
    },
  ],
])('%o', (edition, rules) => {
  expect(editionExists(edition)).toBe(true)
  expect(planRules(edition)).toEqual(rules)
})

test('there are five editions, of which Dedicated alone is v4', () => {
  const editions = plans.flatMap((plan) => versions.map((version) => ({ plan, version })))
  const existing = editions.filter(editionExists)
  expect(existing).toHaveLength(5)
  expect(existing.filter((one) => one.version === 'v4')).toEqual([
    { plan: 'dedicated', version: 'v4' },
  ])
})

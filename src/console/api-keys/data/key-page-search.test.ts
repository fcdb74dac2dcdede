import { expect, test } from 'vitest'
import { usageDays, validateKeyPageSearch } from './key-page-search.ts'

test('the days of a key’s page stand in the URL, the default doesn’t', () => {
  expect(usageDays.map((days) => validateKeyPageSearch({ days }))).toEqual([
    { days: 1 },
    {},
    { days: 30 },
    { days: 90 },
  ])
  expect(validateKeyPageSearch({ days: '30' })).toEqual({ days: 30 })
})

test.each([undefined, '', 5, -1, 'all', [30, 90]])('%o falls back to the default', (days) => {
  expect(validateKeyPageSearch({ days })).toEqual({})
})

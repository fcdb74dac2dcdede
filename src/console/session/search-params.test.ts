import { expect, test } from 'vitest'
import { validateSignInSearch } from './search-params.ts'

test.each([
  '/deployments/plant-telemetry?search=a%20b',
  '/activity?subject=apiKey#top',
  '/deployments//x',
])('goes on at %s after signing in', (next) => {
  expect(validateSignInSearch({ next })).toEqual({ next })
})

test.each([
  'https://evil.example/',
  '//evil.example/',
  String.raw`/\evil.example/`,
  String.raw`\\evil.example`,
  '/\t/evil.example',
  'javascript:alert(1)',
  'deployments',
  '/',
  '/sign-in?next=/sign-in',
  42,
  undefined,
])('never goes on at %s', (next) => {
  expect(validateSignInSearch({ next })).toEqual({})
})

test('keeps the code of a failed sign-in', () => {
  expect(validateSignInSearch({ error: 'nameTaken' })).toEqual({ error: 'nameTaken' })
})

import { expect, test } from 'vitest'
import { waitText } from './use-wait.ts'

test.each([
  [1, '1 second'],
  [25, '25 seconds'],
  [60, '1 minute'],
  [61, '1 minute 1 second'],
  [845, '14 minutes 5 seconds'],
])('%i seconds are %s', (seconds, words) => {
  expect(waitText(seconds)).toBe(words)
})

import { expect, test } from 'vitest'
import { deployment as running } from '../../testing/fixtures.ts'
import { describeTrouble, statusLooks } from './status.ts'

test('a deployment whose broker another server runs says so, and what happens next', () => {
  const deployment = { ...running, status: 'elsewhere' as const }
  expect(statusLooks[deployment.status].label).toBe('On another server')
  const trouble = describeTrouble(deployment)
  expect(trouble).toContain('runs on another server of this Latchkey')
  expect(trouble).toContain('takes over when that server stops')
})

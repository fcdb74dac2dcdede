import { expect, test } from 'vitest'
import { keyConditions } from '../../../contract/keys/key-conditions.ts'
import { apiKey } from '../testing.tsx'
import { findFix } from './condition-fix.ts'

test('offers for each key what fixes the condition', () => {
  const fixes = keyConditions.map((one) => [one, findFix(one, apiKey, true)?.dialog.kind])
  expect(Object.fromEntries(fixes)).toEqual({
    fullAccess: 'form',
    neverExpires: 'form',
    unused30: 'disable',
    unused90: 'disable',
    oldSecretInUse: undefined,
    legacy: undefined,
    unusedPermissions: 'form',
  })
  expect(findFix('neverExpires', apiKey, false)?.dialog.kind).toBe('limits')
  expect(findFix('unusedPermissions', apiKey, true)?.dialog).toMatchObject({
    purpose: { kind: 'edit', fixes: 'unusedPermissions' },
  })
})

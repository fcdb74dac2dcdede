import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { roles, type Role } from '../../contract/accounts/roles.ts'
import { consoleWrapper } from '../testing/render-console.tsx'
import { useMay, useDisabledReason } from './permission.ts'

function refusalsOf(role: Role | undefined) {
  const { wrapper } = consoleWrapper(role)
  const { result } = renderHook(() => ({ say: useDisabledReason(), may: useMay('users.manage') }), {
    wrapper,
  })
  return {
    manage: result.current.say('apiKeys.manage', 'create API keys'),
    pause: result.current.say('apiKeys.pause', 'disable API keys'),
    seesUsers: result.current.may,
  }
}

const onlyAdministrators = 'Only administrators may create API keys.'
const operatorsToo = 'Only operators and administrators may disable API keys.'

test.each([
  ['viewer', { manage: onlyAdministrators, pause: operatorsToo, seesUsers: false }],
  ['operator', { manage: onlyAdministrators, pause: undefined, seesUsers: false }],
  ['administrator', { manage: undefined, pause: undefined, seesUsers: true }],
] as const)('a role of %s knows its limits', (role, expected) => {
  expect(roles).toContain(role)
  expect(refusalsOf(role)).toEqual(expected)
})

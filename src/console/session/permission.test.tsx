import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { roles, type Role } from '../../contract/accounts/roles.ts'
import { createQueryClient } from '../api/query.ts'
import { useMay, useRefusal } from './permission.ts'
import { sessionQuery } from './session-query.ts'
import { sessionAs } from './testing.ts'

afterEach(cleanup)

function refusalsOf(role: Role | undefined) {
  const client = createQueryClient()
  if (role) client.setQueryData(sessionQuery.queryKey, sessionAs(role))
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(() => ({ say: useRefusal(), may: useMay('users.manage') }), {
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

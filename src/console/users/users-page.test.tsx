import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { Role } from '../../contract/accounts/roles.ts'
import type { User } from '../../contract/accounts/schemas.ts'
// The client fetches it with its first answer; here it is waited for before anything is timed.
import '../api/check-answer.ts'
import { createQueryClient } from '../api/query.ts'
import { sessionQuery } from '../session/session-query.ts'
import { sessionAs } from '../session/testing.ts'
import { UsersPage } from './users-page.tsx'

const own: User = {
  id: 'u1',
  username: 'ada',
  role: 'administrator',
  signIn: 'openId',
  createdAt: '2026-11-23T12:00:00.000Z',
  lastSignInAt: null,
  version: 1,
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function open(role: Role) {
  const send = vi.fn<() => Promise<Response>>(() =>
    Promise.resolve(Response.json({ items: [own], nextCursor: null })),
  )
  vi.stubGlobal('fetch', send)
  const client = createQueryClient()
  client.setQueryData(sessionQuery.queryKey, sessionAs(role))
  render(
    <QueryClientProvider client={client}>
      <UsersPage />
    </QueryClientProvider>,
  )
  return send
}

test('an administrator sees who there is, and which one they are', async () => {
  open('administrator')
  expect(await screen.findByText('You')).toBeTruthy()
  expect(screen.getByText('Never')).toBeTruthy()
  expect(screen.getByText('OpenID')).toBeTruthy()
})

test.each(['viewer', 'operator'] as const)(
  'a role of %s is told why there is nothing, and nothing is asked that goes on record',
  async (role) => {
    const send = open(role)
    expect(await screen.findByText('Only administrators may see the users.')).toBeTruthy()
    expect(send).not.toHaveBeenCalled()
    expect(screen.queryByRole('button', { name: 'Add user' })).toBeNull()
  },
)

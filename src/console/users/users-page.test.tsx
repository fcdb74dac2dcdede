import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Role } from '../../contract/accounts/roles.ts'
import type { User } from '../../contract/accounts/schemas.ts'
import { renderConsole } from '../testing/render-console.tsx'
import { stubFetch } from '../testing/stub-fetch.ts'
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

const { send, answer } = stubFetch()

function open(role: Role) {
  answer(200, { items: [own], nextCursor: null })
  renderConsole(<UsersPage />, role)
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
    open(role)
    expect(await screen.findByText('Only administrators may see the users.')).toBeTruthy()
    expect(send).not.toHaveBeenCalled()
    expect(screen.queryByRole('button', { name: 'Add user' })).toBeNull()
  },
)

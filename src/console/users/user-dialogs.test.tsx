import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { User } from '../../contract/accounts/schemas.ts'
import { renderConsole } from '../testing/render-console.tsx'
import { stubFetch } from '../testing/stub-fetch.ts'
import { UserDialogs, type OpenDialog } from './user-dialogs.tsx'

const user: User = {
  id: 'u2',
  username: 'grace',
  role: 'administrator',
  signIn: 'password',
  createdAt: '2026-11-23T12:00:00.000Z',
  lastSignInAt: null,
  version: 3,
}
const LAST = 'This is the last administrator, so nothing was changed.'
const { send, answer, refuse } = stubFetch()
const onClose = vi.fn<() => void>()
const onRemoved = vi.fn<() => void>()

beforeEach(() => {
  for (const mock of [onClose, onRemoved]) mock.mockReset()
})

function open(dialog: OpenDialog, ownId = 'u1') {
  renderConsole(
    <UserDialogs dialog={dialog} ownId={ownId} onRemoved={onRemoved} onClose={onClose} />,
  )
}

function submit(): void {
  // A browser submits the form by its button, which stands outside of it.
  fireEvent.submit(document.querySelector('form') ?? document.body)
}

const choose = (role: RegExp) => fireEvent.click(screen.getByRole('radio', { name: role }))

test('a role is changed in the version that was shown', async () => {
  answer(200, { ...user, role: 'viewer', version: 4 })
  open({ kind: 'role', user })
  choose(/^Viewer/)
  submit()
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  const [url, init] = send.mock.calls[0] ?? []
  expect(url).toBe('/api/v1/users/u2')
  expect(init).toMatchObject({
    method: 'PATCH',
    headers: { 'If-Match': '"3"' },
    body: '{"role":"viewer"}',
  })
})

test('the last administrator stays one, and the dialog says why', async () => {
  refuse(409, LAST)
  open({ kind: 'role', user })
  choose(/^Viewer/)
  submit()
  expect((await screen.findByRole('alert')).textContent).toContain(LAST)
  expect(onClose).not.toHaveBeenCalled()
})

test('the last administrator isn’t removed, and the dialog says why', async () => {
  refuse(409, LAST)
  open({ kind: 'remove', user })
  submit()
  expect((await screen.findByRole('alert')).textContent).toContain(LAST)
  expect(onRemoved).not.toHaveBeenCalled()
})

test('a user who changed meanwhile is shown as they are now before they go', async () => {
  refuse(412, 'Changed.')
  answer(200, { ...user, role: 'viewer', version: 4 })
  open({ kind: 'remove', user })
  submit()
  expect((await screen.findByRole('alert')).textContent).toContain('is viewer now')
  answer(204)
  submit()
  await waitFor(() => expect(onRemoved).toHaveBeenCalled())
  expect(send.mock.calls[2]?.[1].headers).toMatchObject({ 'If-Match': '"4"' })
})

test('removing a user tells of their sessions and tokens', () => {
  open({ kind: 'remove', user })
  expect(screen.getByRole('alertdialog').textContent).toMatch(/sessions end at once/)
  expect(screen.getByRole('alertdialog').textContent).toMatch(/tokens they made keep working/)
})

test('removing oneself is asked in other words', () => {
  open({ kind: 'remove', user }, user.id)
  expect(screen.getByRole('alertdialog', { name: 'Remove yourself?' })).toBeTruthy()
})

test('a short password isn’t sent', async () => {
  open({ kind: 'password', user })
  fireEvent.input(screen.getByLabelText('New password'), { target: { value: 'short' } })
  submit()
  expect(await screen.findByText('Use at least 12 characters.')).toBeTruthy()
  expect(send).not.toHaveBeenCalled()
})

test('a name that is taken is said at its field', async () => {
  const detail = 'There is a user of this name.'
  refuse(422, detail, [{ field: 'username', detail }])
  open({ kind: 'add' })
  fireEvent.input(screen.getByLabelText('User name'), { target: { value: 'grace' } })
  fireEvent.input(screen.getByLabelText('Password'), {
    target: { value: 'correct horse battery' },
  })
  submit()
  expect(await screen.findByText(detail)).toBeTruthy()
  expect(screen.getByLabelText('User name').getAttribute('aria-invalid')).toBe('true')
  expect(screen.queryByRole('alert')).toBeNull()
})

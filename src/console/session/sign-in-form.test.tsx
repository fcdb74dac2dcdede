import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Session, SignInOptions } from '../../contract/accounts/schemas.ts'
import { sessionAs } from '../testing/fixtures.ts'
import { renderConsole } from '../testing/render-console.tsx'
import { stubFetch } from '../testing/stub-fetch.ts'
import { sessionQuery } from './session-query.ts'
import { SignInForm } from './sign-in-form.tsx'

const { send } = stubFetch()
const onSignedIn = vi.fn<(session: Session) => void>()
const passwordOnly: SignInOptions = { password: true, openId: null }

beforeEach(() => {
  onSignedIn.mockReset()
})

afterEach(() => {
  vi.useRealTimers()
})

function open(options = passwordOnly) {
  return renderConsole(<SignInForm options={options} onSignedIn={onSignedIn} />).client
}

function refuse(status: number, headers: Record<string, string> = {}): void {
  const problem = { type: 'about:blank', title: 'No', status, detail: `Told by ${status}.` }
  send.mockImplementation(() => Promise.resolve(Response.json(problem, { status, headers })))
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)

function signIn(username = 'ada', password = 'correct horse battery'): void {
  fireEvent.change(field('User name'), { target: { value: username } })
  fireEvent.change(field('Password'), { target: { value: password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

test('who signs in is known from then on', async () => {
  send.mockImplementation(() =>
    Promise.resolve(Response.json(sessionAs('operator'), { status: 201 })),
  )
  const client = open()
  signIn(' ada ')
  await vi.waitFor(() => expect(onSignedIn).toHaveBeenCalledWith(sessionAs('operator')))
  expect(send.mock.calls[0]?.[1].body).toBe(
    JSON.stringify({ username: 'ada', password: 'correct horse battery' }),
  )
  expect(client.getQueryData(sessionQuery.queryKey)).toEqual(sessionAs('operator'))
})

test('what is missing is asked for, field by field, and nothing is sent', () => {
  open()
  signIn('', '')
  expect(screen.getByText('Type your user name.')).toBeTruthy()
  expect(document.activeElement).toBe(field('User name'))
  signIn('ada', '')
  expect(screen.getByText('Type your password.')).toBeTruthy()
  expect(document.activeElement).toBe(field('Password'))
  expect(send).not.toHaveBeenCalled()
})

test('a wrong password is said to be wrong and stays to be mended', async () => {
  refuse(401)
  open()
  signIn()
  expect((await screen.findByRole('alert')).textContent).toContain(
    'User name or password is wrong.',
  )
  expect(document.activeElement).toBe(field('Password'))
  expect(field('Password').value).toBe('correct horse battery')
})

test('a server that can’t be reached is told from a wrong password', async () => {
  send.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')))
  open()
  signIn()
  expect((await screen.findByRole('alert')).textContent).toContain('can’t be reached')
})

test('a failing server says what it says', async () => {
  refuse(500)
  open()
  signIn()
  expect((await screen.findByRole('alert')).textContent).toContain('Told by 500.')
})

test('too many tries are counted down, and nothing is sent until the time is over', async () => {
  vi.useFakeTimers()
  refuse(429, { 'Retry-After': '61' })
  open()
  signIn()
  await vi.waitFor(() => expect(screen.getByText(/1 minute 1 second/)).toBeTruthy())
  const button = screen.getByRole('button', { name: 'Sign in' })
  expect(button.getAttribute('aria-disabled')).toBe('true')
  fireEvent.submit(field('Password'))
  expect(send).toHaveBeenCalledTimes(1)
  act(() => void vi.advanceTimersByTime(31_000))
  expect(screen.getByText(/in 30 seconds/)).toBeTruthy()
  act(() => void vi.advanceTimersByTime(31_000))
  expect(screen.queryByText(/Too many tries/)).toBeNull()
  expect(button.getAttribute('aria-disabled')).toBeNull()
})

test('the password is shown on demand', () => {
  open()
  expect(field('Password').type).toBe('password')
  fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
  expect(field('Password').type).toBe('text')
  fireEvent.click(screen.getByRole('button', { name: 'Hide password' }))
  expect(field('Password').type).toBe('password')
})

test('password managers know the fields', () => {
  open()
  expect(field('User name').autocomplete).toBe('username')
  expect(field('Password').autocomplete).toBe('current-password')
})

test('the OpenID provider is offered by its name', () => {
  open({ password: true, openId: { name: 'Example ID' } })
  const link = screen.getByRole('link', { name: 'Continue with Example ID' })
  expect(link.getAttribute('href')).toBe('/api/v1/session/openid')
})

test('where there is no password, none is asked for', () => {
  open({ password: false, openId: { name: 'Example ID' } })
  expect(screen.queryByLabelText('Password')).toBeNull()
  expect(screen.getByRole('link', { name: 'Continue with Example ID' })).toBeTruthy()
})

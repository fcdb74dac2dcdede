import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { sessionAs } from '../../testing/fixtures.ts'
import { apiKey, appSecret, problem, usageWith } from '../testing.tsx'
import { confirm, confirmButton, press, setUpForm } from './testing.tsx'

const { api, onCreated, onSaved, open } = setUpForm()
const { answer, sent } = api
const own = sessionAs('administrator').address

const limits = () => screen.getByRole('button', { name: /^Limits/ })
const expires = () => screen.getByRole('combobox', { name: 'Expires' })
const addresses = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Allowed addresses' })
const choose = (value: string) => fireEvent.change(expires(), { target: { value } })
const type = (value: string) => fireEvent.change(addresses(), { target: { value } })
const typeMoment = (value: string) =>
  fireEvent.change(screen.getByLabelText('Date and time'), { target: { value } })
const isBlocked = () => confirmButton().getAttribute('aria-disabled') === 'true'

test('the limits say in one line what is set, and open in place', async () => {
  answer(201, { apiKey, appSecret })
  open({ kind: 'duplicate', apiKey: apiKey })
  expect(limits().textContent).toBe('LimitsNever expires · from any address')
  expect(screen.queryByRole('combobox', { name: 'Expires' })).toBeNull()
  fireEvent.click(limits())
  expect(limits().getAttribute('aria-expanded')).toBe('true')
  const before = Date.now()
  choose('90')
  type('10.0.0.0/8\n2001:db8::/32')
  expect(limits().textContent).toMatch(/^LimitsExpires .+ · from 2 addresses$/)
  confirm()
  await waitFor(() => expect(onCreated).toHaveBeenCalled())
  expect(sent()).toMatchObject({ allowedAddresses: ['10.0.0.0/8', '2001:db8::/32'] })
  const [body] = [sent()]
  const at = typeof body === 'object' && body && 'expiresAt' in body ? String(body.expiresAt) : ''
  const days = (Date.parse(at) - before) / 86_400_000
  expect(days).toBeGreaterThanOrEqual(90)
  expect(days).toBeLessThan(90.01)
})

test('a key without limits is sent without any', async () => {
  answer(201, { apiKey, appSecret })
  open({ kind: 'duplicate', apiKey: apiKey })
  fireEvent.click(limits())
  choose('30')
  choose('never')
  expect(screen.getByText(/works until someone disables or deletes it/)).toBeTruthy()
  confirm()
  await waitFor(() => expect(onCreated).toHaveBeenCalled())
  expect(Object.keys(Object(sent()))).toEqual(['note', 'access'])
})

test('an edit shows the limits in what changes and sends them alone', async () => {
  answer(200, { ...apiKey, version: 5 })
  open({ kind: 'edit', apiKey: { ...apiKey, allowedAddresses: ['10.0.0.1', '10.0.0.2'] } })
  fireEvent.click(limits())
  choose('moment')
  typeMoment('2099-02-24T14:00')
  type('10.0.0.1')
  expect(screen.getByText(/^expires 24 Feb 2099, 14:00 \S+, from 10\.0\.0\.1 alone$/)).toBeTruthy()
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  expect(sent()).toEqual({
    expiresAt: new Date('2099-02-24T14:00').toISOString(),
    allowedAddresses: ['10.0.0.1'],
  })
})

test('a time that has passed and entries that are no addresses are refused in words', () => {
  open({ kind: 'edit', apiKey })
  fireEvent.click(limits())
  choose('moment')
  typeMoment('2020-02-24T14:00')
  const field = screen.getByLabelText('Date and time')
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText('This time has passed. Choose one that is still to come.')).toBeTruthy()
  expect(isBlocked()).toBe(true)
  choose('never')
  type('10.0.0.0/33\nhost.example')
  expect(addresses().getAttribute('aria-invalid')).toBe('true')
  const said = (addresses().getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' ')
  expect(said).toContain('10.0.0.0/33 has no prefix length from 0 to 32.')
  expect(said).toContain('host.example is no address or block')
  expect(isBlocked()).toBe(true)
  expect(screen.getAllByText('Correct the addresses of the key').length).toBeGreaterThan(0)
})

test('my address is one press away, once', () => {
  open({ kind: 'new' })
  fireEvent.click(limits())
  type('10.0.0.0/8')
  press('Add my address')
  expect(addresses().value).toBe(`10.0.0.0/8\n${own}`)
  const button = screen.getByRole('button', { name: 'Add my address' })
  expect(button.getAttribute('aria-disabled')).toBe('true')
  expect(screen.getByText(`${own} is in the list`)).toBeTruthy()
})

test('warns where addresses that used the key would be shut out, and adds them', async () => {
  const at = new Date(Date.now() - 300_000).toISOString()
  api.usage = usageWith({
    addresses: [
      { address: '192.0.2.7', allowed: 3, lastUsedAt: at },
      { address: '2001:db8::5', allowed: 1, lastUsedAt: at },
    ],
  })
  open({
    kind: 'edit',
    apiKey: {
      ...apiKey,
      lastUse: { kind: 'used', at, operation: 'GET /clients', address: '192.0.2.7' },
    },
  })
  fireEvent.click(limits())
  expect(screen.queryByText(/would be refused/)).toBeNull()
  type('10.0.0.0/8')
  await screen.findByText(
    '2 addresses that used this key would be refused, 192.0.2.7 (5 min ago) the latest.',
  )
  press('Add them')
  expect(addresses().value).toBe('10.0.0.0/8\n192.0.2.7\n2001:db8::5')
  type('10.0.0.0/8 2001:db8::/32')
  expect(
    screen.getByText('192.0.2.7 used this key 5 min ago. Its calls would be refused.'),
  ).toBeTruthy()
  expect(isBlocked()).toBe(false)
})

test('a refused field shows at it, in limits that open for it', async () => {
  const detail = 'Give a time that is still to come.'
  answer(422, problem(422, `Nothing was saved. ${detail}`, [{ field: 'expiresAt', detail }]))
  open({ kind: 'duplicate', apiKey: apiKey })
  confirm()
  await screen.findByText(detail)
  expect(limits().getAttribute('aria-expanded')).toBe('true')
  expect(document.activeElement).toBe(expires())
  expect(screen.queryByRole('alert')).toBeNull()
})

test('operators see the limits, and why they can’t change them', () => {
  open({ kind: 'edit', apiKey: { ...apiKey, allowedAddresses: ['10.0.0.1'] } }, 'operator')
  expect(screen.queryByRole('button', { name: /^Limits/ })).toBeNull()
  expect(screen.getByText('Never expires · from 10.0.0.1 alone')).toBeTruthy()
  expect(screen.getByText('Only administrators may change limits.')).toBeTruthy()
})

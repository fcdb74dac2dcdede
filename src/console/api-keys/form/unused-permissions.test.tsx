import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { apiKey, usageWith } from '../testing.tsx'
import { box, confirm, press, setUpForm } from './testing.tsx'

const { api, onSaved, onClose, open } = setUpForm()

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const counts = { allowed: 7, refused: 0, failed: 0 }
const granted: OperationId[] = ['GET /clients', 'GET /clients/{clientid}', 'PUT /rules/{id}']
const edited: ApiKey = { ...apiKey, access: { mode: 'list', operations: granted } }

beforeEach(() => {
  api.usage = usageWith({
    operations: [{ operation: 'GET /clients', ...counts, lastUsedAt: daysAgo(2.1) }],
  })
})

const row = (name: string) => within(box(name).closest('li') ?? document.body)
const ticked = () =>
  screen
    .getAllByRole<HTMLInputElement>('checkbox')
    .filter((one) => one.checked && one.hasAttribute('aria-label'))
    .map((one) => one.getAttribute('aria-label'))

test('each box of an edit says when it was last used, or for how long it was not', async () => {
  open({ kind: 'edit', apiKey: edited })
  await waitFor(() => row('GET /clients, Clients').getByText('last used 2 d ago'))
  row('PUT /rules/{id}, Rules').getByText('unused for 60 d')
  expect(row('GET /rules, Rules').queryByText(/used/)).toBeNull()
  const describedBy = box('GET /clients, Clients').getAttribute('aria-describedby') ?? ''
  const texts = describedBy.split(' ').map((id) => document.getElementById(id)?.textContent)
  expect(texts).toContain('last used 2 d ago')
})

test('a new key and a duplicate say nothing of use', async () => {
  open({ kind: 'duplicate', apiKey: edited })
  expect(box('GET /clients, Clients').checked).toBe(true)
  expect(screen.queryByText(/used/)).toBeNull()
})

test('Keep only used proposes by ticks, saves nothing, and is undone by one press', async () => {
  open({ kind: 'edit', apiKey: edited })
  await screen.findByText('1 of 3 used in 60 days of record.')
  press('Keep only used')
  expect(ticked()).toEqual(['GET /clients, Clients'])
  expect(screen.getByText('−2 removed')).toBeTruthy()
  expect(screen.getByText('2 endpoints unticked, without use in 60 days of record.')).toBeTruthy()
  expect(api.send).not.toHaveBeenCalled()
  press('Undo')
  expect(ticked()).toHaveLength(3)
  expect(screen.getByText('Nothing has changed yet', { selector: 'p span' })).toBeTruthy()
})

test('what was ticked since is kept, and stays through the undo', async () => {
  open({ kind: 'edit', apiKey: edited })
  await screen.findByText('1 of 3 used in 60 days of record.')
  fireEvent.click(box('GET /rules, Rules'))
  press('Keep only used')
  expect(ticked()).toEqual(['GET /clients, Clients', 'GET /rules, Rules'])
  press('Undo')
  expect(screen.getByText('+1 added')).toBeTruthy()
})

test('a record of less than two weeks warns', async () => {
  api.usage = { ...api.usage, recordedSince: daysAgo(3.5) }
  open({ kind: 'edit', apiKey: edited })
  await screen.findByText('1 of 3 used in 3 days of record.')
  expect(screen.getByText(/That is little to go by/)).toBeTruthy()
})

test('a key that was never used, or not from the start of its record, is not trimmed', async () => {
  api.usage = usageWith()
  open({ kind: 'edit', apiKey: edited })
  await screen.findByText('None was used in 60 days of record.')
  expect(screen.queryByRole('button', { name: 'Keep only used' })).toBeNull()
  cleanup()
  api.usage = usageWith({
    recordedSince: null,
    operations: [{ operation: 'GET /clients', ...counts, lastUsedAt: daysAgo(2.1) }],
  })
  open({ kind: 'edit', apiKey: edited })
  await waitFor(() => row('GET /clients, Clients').getByText('last used 2 d ago'))
  expect(screen.queryByText(/unused|record/)).toBeNull()
})

test('a permission to add is ticked and shown alone, and saved only by Confirm', async () => {
  api.answer(200, { ...edited, version: 5 })
  open({ kind: 'edit', apiKey: edited, preset: ['GET /rules'] })
  expect(screen.getByText('+1 added')).toBeTruthy()
  expect(screen.getByRole('status').textContent).toBe(
    '1 of 6 shown · 4 selected, 3 of them hidden by the filter',
  )
  expect(box('GET /rules, Rules').checked).toBe(true)
  expect(api.send).not.toHaveBeenCalled()
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  const access = { mode: 'list', operations: [...granted, 'GET /rules'] }
  expect(api.sent()).toEqual({ access })
})

test('Trim opens on what is selected, and leads to Keep only used once that is there', async () => {
  open({ kind: 'edit', apiKey: edited, fixes: 'unusedPermissions' })
  expect(screen.getByRole('status').textContent).toBe('3 of 6 shown · 3 selected')
  expect(document.activeElement).toBe(screen.getByRole('group', { name: 'API Permissions' }))
  const keep = await screen.findByRole('button', { name: 'Keep only used' })
  expect(document.activeElement).toBe(keep)
})

test('whoever has gone on by then is left alone', async () => {
  open({ kind: 'edit', apiKey: edited, fixes: 'unusedPermissions' })
  box('GET /clients, Clients').focus()
  await screen.findByRole('button', { name: 'Keep only used' })
  expect(document.activeElement).toBe(box('GET /clients, Clients'))
})

test('Narrow opens on chosen endpoints, and Set expiry on when the key expires', () => {
  const full: ApiKey = { ...apiKey, access: { mode: 'full' } }
  open({ kind: 'edit', apiKey: full, fixes: 'fullAccess' })
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Chosen endpoints' }).checked).toBe(
    true,
  )
  expect(document.activeElement).toBe(screen.getByRole('group', { name: 'API Permissions' }))
  // Nothing was done yet that could be lost.
  press('Close')
  expect(onClose).toHaveBeenCalled()
  cleanup()
  open({ kind: 'edit', apiKey: edited, fixes: 'neverExpires' })
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Expires' }))
})

test('a short list says so where it holds a right that can undo limits', () => {
  open({
    kind: 'duplicate',
    apiKey: { ...apiKey, access: { mode: 'list', operations: ['PUT /rules/{id}'] } },
  })
  expect(
    screen.getByRole('button', { name: 'Only 1 endpoint, and it can undo other limits' }),
  ).toBeTruthy()
  fireEvent.click(box('PUT /rules/{id}, Rules'))
  fireEvent.click(box('GET /clients, Clients'))
  expect(screen.getByText('Read only')).toBeTruthy()
})

import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { apiKey, problem, renderWithQueries, stubApi, usageWith } from '../testing.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

const api = stubApi()
const { answer, send } = api
const onDeleted = vi.fn<(appId: string) => void>()
const onCancel = vi.fn<() => void>()

beforeEach(() => {
  for (const mock of [onDeleted, onCancel]) mock.mockReset()
  api.usage = usageWith({ span: 'hour' })
})

function open(key: ApiKey = apiKey): void {
  renderWithQueries(
    <DeleteDialog deploymentId="plant" apiKey={key} onDeleted={onDeleted} onCancel={onCancel} />,
  )
}

const submit = () => {
  const form = screen.getByRole('button', { name: 'Delete' }).closest('form')
  if (form) fireEvent.submit(form)
}

test('names the key and what follows, and has the focus on Cancel', () => {
  open()
  const dialog = screen.getByRole('alertdialog', { name: 'Delete API Key' })
  expect(dialog.textContent).toContain(apiKey.appId)
  expect(dialog.textContent).toContain(apiKey.note)
  expect(dialog.textContent).toContain('refused from the next request on')
  expect(document.activeElement?.textContent).toBe('Cancel')
})

test('deletes the version that was shown', async () => {
  answer(204)
  open()
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalledWith(apiKey.appId))
  expect(send.mock.calls[0]?.[1]).toMatchObject({
    method: 'DELETE',
    headers: { 'If-Match': '"4"' },
  })
})

test('an error stays in the dialog', async () => {
  answer(500, problem(500, 'The store is full.'))
  open()
  submit()
  expect((await screen.findByRole('alert')).textContent).toContain('The store is full.')
  expect(onDeleted).not.toHaveBeenCalled()
})

test('a key that is gone already counts as deleted', async () => {
  answer(404, problem(404, 'There is no such API key.'))
  open()
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalled())
})

test('a key that changed meanwhile is shown as it is now, and asked about again', async () => {
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(200, { ...apiKey, note: 'In use by billing', version: 5 })
  answer(204)
  open()
  submit()
  await screen.findByText('In use by billing')
  expect(onDeleted).not.toHaveBeenCalled()
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalled())
  expect(send.mock.calls[2]?.[1].headers).toMatchObject({ 'If-Match': '"5"' })
})

const hour = { allowed: 0, refused: 0, failed: 0 }
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const usedAgo = (minutes: number): ApiKey => ({
  ...apiKey,
  lastUse: { kind: 'used', at: ago(minutes), operation: 'GET /clients', address: '192.0.2.7' },
})

test('shows the last use, and the calls and addresses of the last 24 hours', async () => {
  api.usage = usageWith({
    span: 'hour',
    calls: [
      { ...hour, start: ago(120), allowed: 1200, refused: 2 },
      { ...hour, start: ago(60), allowed: 83, failed: 1 },
    ],
    addresses: ['192.0.2.7', '192.0.2.8', '192.0.2.9', '2001:db8::1'].map((address) => {
      return { address, allowed: 4, lastUsedAt: ago(90) }
    }),
  })
  open(usedAgo(90))
  const dialog = screen.getByRole('alertdialog')
  await screen.findByText(
    '1,284 calls from 192.0.2.7, 192.0.2.8, 192.0.2.9 and 1 more, 2 more were refused',
  )
  expect(dialog.textContent).toContain('1 h ago from 192.0.2.7, GET /clients')
  expect(screen.queryByRole('button', { name: 'Disable first' })).toBeNull()
})

test('never used, not recorded and no calls are three texts', async () => {
  open()
  expect(screen.getByText('Never used')).toBeTruthy()
  await screen.findByText('No calls')
  cleanup()
  open({ ...apiKey, lastUse: { kind: 'notRecorded' } })
  expect(screen.getByText('Not recorded')).toBeTruthy()
})

test('a key used within the hour is disabled first; then it can be deleted as it is now', async () => {
  answer(200, { ...usedAgo(5), status: 'disabled', version: 5 })
  answer(204)
  open(usedAgo(5))
  fireEvent.click(screen.getByRole('button', { name: 'Disable first' }))
  await screen.findByText(/Its calls are refused from now on/)
  expect(send.mock.calls[0]?.[1]).toMatchObject({
    method: 'PATCH',
    body: JSON.stringify({ disabled: true }),
    headers: { 'If-Match': '"4"' },
  })
  expect(onDeleted).not.toHaveBeenCalled()
  expect(screen.queryByRole('button', { name: 'Disable first' })).toBeNull()
  expect(document.activeElement?.textContent).toBe('Keep it disabled')
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalled())
  expect(send.mock.calls[1]?.[1].headers).toMatchObject({ 'If-Match': '"5"' })
})

test('a key in use can still be deleted at once, and a disabled one has nothing to disable', async () => {
  answer(204)
  open(usedAgo(5))
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalled())
  cleanup()
  open({ ...usedAgo(5), status: 'disabled' })
  expect(screen.queryByRole('button', { name: 'Disable first' })).toBeNull()
})

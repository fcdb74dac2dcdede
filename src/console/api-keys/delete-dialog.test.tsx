import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DeleteDialog } from './delete-dialog.tsx'
import { apiKey, problem, renderWithQueries } from './testing.tsx'

const send = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const onDeleted = vi.fn<(appId: string) => void>()
const onCancel = vi.fn<() => void>()

beforeEach(() => {
  for (const mock of [send, onDeleted, onCancel]) mock.mockReset()
  vi.stubGlobal('fetch', send)
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function open(): void {
  renderWithQueries(
    <DeleteDialog deploymentId="plant" apiKey={apiKey} onDeleted={onDeleted} onCancel={onCancel} />,
  )
}

function answer(status: number, body: unknown): void {
  send.mockImplementationOnce(() =>
    Promise.resolve(
      status === 204 ? new Response(null, { status }) : Response.json(body, { status }),
    ),
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
  answer(204, undefined)
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
  answer(204, undefined)
  open()
  submit()
  await screen.findByText('In use by billing')
  expect(onDeleted).not.toHaveBeenCalled()
  submit()
  await waitFor(() => expect(onDeleted).toHaveBeenCalled())
  expect(send.mock.calls[2]?.[1].headers).toMatchObject({ 'If-Match': '"5"' })
})

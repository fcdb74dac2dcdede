import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
// The client fetches it with its first answer; here it is waited for before anything is timed.
import '../../api/check-answer.ts'
import { apiKey, problem, renderWithQueries } from '../testing.tsx'
import { DisableDialog } from './disable-dialog.tsx'

const send = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const onClose = vi.fn<() => void>()

beforeEach(() => {
  send.mockReset()
  onClose.mockReset()
  vi.stubGlobal('fetch', send)
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function openAndConfirm(status: number, body: unknown): void {
  send.mockImplementation(() => Promise.resolve(Response.json(body, { status })))
  renderWithQueries(<DisableDialog deploymentId="plant" apiKey={apiKey} onClose={onClose} />)
  fireEvent.submit(document.querySelector('form') ?? document.body)
}

test('a key is disabled in the version that was shown, and nothing else of it changes', async () => {
  openAndConfirm(200, { ...apiKey, status: 'disabled', version: 5 })
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(send.mock.calls[0]?.[1]).toMatchObject({
    method: 'PATCH',
    headers: { 'If-Match': '"4"' },
    body: '{"disabled":true}',
  })
})

test('a key that changed meanwhile isn’t disabled unseen', async () => {
  openAndConfirm(412, problem(412, 'Changed.'))
  expect((await screen.findByRole('alert')).textContent).toContain('changed meanwhile')
  expect(onClose).not.toHaveBeenCalled()
})

test('it says that it can be taken back', () => {
  renderWithQueries(<DisableDialog deploymentId="plant" apiKey={apiKey} onClose={onClose} />)
  const text = screen.getByRole('alertdialog').textContent
  expect(text).toContain('refused from the next request on')
  expect(text).toContain('enable it again')
})

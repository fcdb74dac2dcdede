import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { apiKey, problem, renderWithQueries, stubApi } from '../testing.tsx'
import { DisableDialog } from './disable-dialog.tsx'

const { answer, send } = stubApi()
const onClose = vi.fn<() => void>()

beforeEach(() => {
  onClose.mockReset()
})

const open = () =>
  renderWithQueries(<DisableDialog deploymentId="plant" apiKey={apiKey} onClose={onClose} />)

function openAndConfirm(status: number, body: unknown): void {
  answer(status, body)
  open()
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
  open()
  const text = screen.getByRole('alertdialog').textContent
  expect(text).toContain('refused from the next request on')
  expect(text).toContain('enable it again')
})

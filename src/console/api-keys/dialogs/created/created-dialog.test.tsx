import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { asksBeforeUnload, inRouter } from '../../../testing/in-router.tsx'
import { apiKey, appSecret, catalog, deployment } from '../../testing.tsx'
import { CreatedDialog } from './created-dialog.tsx'

const onClose = vi.fn<() => void>()
const writeText = vi.fn<(text: string) => Promise<void>>()

beforeEach(() => {
  onClose.mockReset()
  writeText.mockReset()
  writeText.mockResolvedValue(undefined)
  vi.stubGlobal('isSecureContext', true)
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function open(key: ApiKey = apiKey, rotated = false) {
  const dialog = (
    <CreatedDialog
      deployment={deployment}
      catalog={catalog}
      apiKey={key}
      appSecret={appSecret}
      rotated={rotated}
      onClose={onClose}
    />
  )
  return render(inRouter(dialog))
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const escape = () => fireEvent.keyDown(document.body, { key: 'Escape' })

test('shows App ID and App Secret in full', () => {
  open()
  expect(screen.getByRole('textbox', { name: 'App ID' }).textContent).toBe(apiKey.appId)
  expect(screen.getByRole('textbox', { name: 'App Secret' }).textContent).toBe(appSecret)
})

test('Copy and close takes both lines', async () => {
  open()
  press('Copy and close')
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(writeText).toHaveBeenCalledWith(`APP_ID=${apiKey.appId}\nAPP_SECRET=${appSecret}`)
})

test('a copy that fails says so, keeps the dialog and selects the text', async () => {
  writeText.mockRejectedValue(new Error('denied'))
  document.execCommand = () => false
  open()
  press('Copy and close')
  expect((await screen.findByRole('alert')).textContent).toMatch(/refused to copy/)
  expect(onClose).not.toHaveBeenCalled()
  expect(String(document.getSelection())).toContain(appSecret)
})

test('Esc and Close ask once while nothing was taken', () => {
  open()
  escape()
  expect(screen.getByRole('alert').textContent).toContain("can't be shown again")
  expect(onClose).not.toHaveBeenCalled()
  press('Close without copying')
  expect(onClose).toHaveBeenCalledTimes(1)
})

test('the browser asks before a reload until the secret is taken or let go', () => {
  const { unmount } = open()
  expect(asksBeforeUnload()).toBe(true)
  press('Close')
  expect(asksBeforeUnload()).toBe(true)
  unmount()
  expect(asksBeforeUnload()).toBe(false)
})

test('one press of Esc, however long, never answers its own question', () => {
  open()
  escape()
  fireEvent.keyDown(document.body, { key: 'Escape', repeat: true })
  expect(onClose).not.toHaveBeenCalled()
  escape()
  expect(onClose).toHaveBeenCalledTimes(1)
})

test('nothing is asked once the secret was copied; the App ID alone is not enough', async () => {
  open()
  press('Copy App ID')
  await waitFor(() => expect(writeText).toHaveBeenCalledWith(apiKey.appId))
  press('Copy App Secret')
  await waitFor(() => expect(writeText).toHaveBeenCalledWith(appSecret))
  expect(asksBeforeUnload()).toBe(false)
  press('Close')
  expect(onClose).toHaveBeenCalledTimes(1)
})

test('copying the App ID alone still asks', async () => {
  open()
  press('Copy App ID')
  await waitFor(() => expect(writeText).toHaveBeenCalled())
  press('Close')
  expect(onClose).not.toHaveBeenCalled()
})

test('Test key calls with these credentials and nothing else of the browser', async () => {
  const send = vi.fn<typeof fetch>(() => Promise.resolve(Response.json({ data: [] })))
  vi.stubGlobal('fetch', send)
  open()
  press('Test key')
  await screen.findByText('The key works.')
  const [url, init] = send.mock.calls[0] ?? []
  expect(url).toBe(`${window.location.origin}/plant/api/v5/clients`)
  expect(init).toMatchObject({ credentials: 'omit', cache: 'no-store', redirect: 'error' })
})

test('a key that may not read says how it can be tested', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({}, { status: 403 })))
  open({ ...apiKey, access: { mode: 'list', operations: ['DELETE /clients/{clientid}'] } })
  expect(screen.getByText(/may make no call without effect/)).toBeTruthy()
  press('Test key')
  await screen.findByText(/The secret is right/)
})

test('the new secret of a rotated key comes with the end of the old one', () => {
  const endsAt = '2099-02-24T13:00:00.000Z'
  open({ ...apiKey, oldSecret: { endsAt, lastUsedAt: null } }, true)
  const dialog = screen.getByRole('dialog', { name: 'Secret Rotated' })
  expect(dialog.textContent).toMatch(/new App Secret now.+old one is refused from 24 Feb 2099/)
  expect(screen.getByRole('textbox', { name: 'App Secret' }).textContent).toBe(appSecret)
  cleanup()
  open(apiKey, true)
  expect(screen.getByText(/The old one is refused already/)).toBeTruthy()
})

test('a disabled key is not offered for a test that must fail', () => {
  open({ ...apiKey, status: 'disabled' }, true)
  expect(screen.queryByRole('button', { name: 'Test key' })).toBeNull()
})

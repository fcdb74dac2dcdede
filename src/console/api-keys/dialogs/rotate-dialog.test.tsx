import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import { apiKey, appSecret, problem, renderWithQueries, stubApi } from '../testing.tsx'
import { EndOldSecretDialog } from './end-old-secret-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'

const { answer, send } = stubApi()
const onRotated = vi.fn<(rotated: CreatedApiKey) => void>()
const onClose = vi.fn<() => void>()

beforeEach(() => {
  for (const mock of [onRotated, onClose]) mock.mockReset()
})

function rotate(key: ApiKey = apiKey): void {
  renderWithQueries(
    <RotateDialog deploymentId="plant" apiKey={key} onRotated={onRotated} onClose={onClose} />,
  )
}

function end(key: ApiKey): void {
  renderWithQueries(<EndOldSecretDialog deploymentId="plant" apiKey={key} onClose={onClose} />)
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const choose = (name: string) => fireEvent.click(screen.getByRole('radio', { name }))
const submit = () => fireEvent.submit(document.querySelector('form') ?? document)

test('a rotation asks when the old secret ends, and gives the new one to what opened it', async () => {
  const rotated = { ...apiKey, version: 5, oldSecret: { endsAt: inHours(1), lastUsedAt: null } }
  answer(200, { apiKey: rotated, appSecret })
  rotate()
  const day = screen.getByRole<HTMLInputElement>('radio', { name: 'In 24 hours' })
  expect(day.checked).toBe(true)
  // A space bar must not choose anything else.
  expect(document.activeElement).toBe(day)
  choose('In 1 hour')
  expect(screen.getByText(/old secret are refused from .+ on\./)).toBeTruthy()
  submit()
  await waitFor(() => expect(onRotated).toHaveBeenCalled())
  expect(onRotated.mock.calls[0]?.[0]).toEqual({ apiKey: rotated, appSecret })
  const [url, init] = send.mock.calls[0] ?? []
  expect(url).toBe('/api/v1/deployments/plant/api-keys/k4f1c09ae2b7/rotate')
  expect(init).toMatchObject({
    method: 'POST',
    body: '{"keepOldSecretFor":3600}',
    headers: { 'If-Match': '"4"' },
  })
})

test('an end at once says so', () => {
  rotate()
  choose('Now')
  expect(screen.getByText(/refused as soon as the new one is there/)).toBeTruthy()
})

test('says that grace never outlives the expiry, where it would', () => {
  rotate({ ...apiKey, expiresAt: inHours(3) })
  expect(screen.getByText(/grace never outlives the expiry/)).toBeTruthy()
  choose('In 1 hour')
  expect(screen.queryByText(/grace never outlives the expiry/)).toBeNull()
})

test('says that a secret from before that ends at once', () => {
  rotate()
  expect(screen.queryByText(/older secret/)).toBeNull()
  cleanup()
  rotate({ ...apiKey, oldSecret: { endsAt: inHours(2), lastUsedAt: null } })
  expect(screen.getByText(/older secret is still good until .+ ends it at once/)).toBeTruthy()
})

test('an error stays in the dialog, and a stale key is not rotated', async () => {
  answer(412, problem(412, 'Changed.'))
  rotate()
  submit()
  expect((await screen.findByRole('alert')).textContent).toMatch(/its secret is still the same/)
  expect(onRotated).not.toHaveBeenCalled()
})

test('End now asks, shows the last use of the old secret, and ends that version', async () => {
  answer(200, { ...apiKey, version: 5 })
  const lastUsedAt = new Date(Date.now() - 300_000).toISOString()
  end({ ...apiKey, oldSecret: { endsAt: inHours(2), lastUsedAt } })
  const dialog = screen.getByRole('alertdialog', { name: 'End Old Secret' })
  expect(dialog.textContent).toContain('5 min ago')
  expect(document.activeElement?.textContent).toBe('Cancel')
  submit()
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  const [url, init] = send.mock.calls[0] ?? []
  expect(url).toBe('/api/v1/deployments/plant/api-keys/k4f1c09ae2b7/old-secret')
  expect(init).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"4"' } })
})

test('an old secret without use since the rotation says so', () => {
  end({ ...apiKey, oldSecret: { endsAt: inHours(2), lastUsedAt: null } })
  expect(screen.getByText('Not since the rotation')).toBeTruthy()
})

import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { RefusedCredentials as Answer } from '../../../contract/usage/schemas.ts'
import { renderConsole } from '../../testing/render-console.tsx'
import { RefusedCredentials } from './refused-credentials.tsx'

const refused = {
  appId: 'k4f1c09ae2b7',
  reason: 'wrongSecret',
  calls: 40,
  firstAt: '2026-11-20T12:00:00.000Z',
  lastAt: '2026-11-23T12:00:00.000Z',
  lastAddress: '192.0.2.7',
} as const

function open(items: Answer['items'] | { status: number }) {
  const send = vi.fn<() => Promise<Response>>(() =>
    Promise.resolve(
      Array.isArray(items)
        ? Response.json({ items, nextCursor: null })
        : Response.json({ type: 'about:blank', title: 'No', detail: 'No disk.', ...items }, items),
    ),
  )
  vi.stubGlobal('fetch', send)
  return { send, ...renderConsole(<RefusedCredentials deploymentId="plant" />) }
}

test('says how many there were, and groups them by what was wrong', async () => {
  open([
    { ...refused, appId: '', reason: 'unknown', calls: 2 },
    refused,
    { ...refused, appId: 'k0123456789a', reason: 'expired', calls: 1 },
  ])
  const summary = await screen.findByText('43 calls with 3 App IDs')
  expect(summary.closest('details')?.open).toBe(false)
  fireEvent.click(summary)
  const groups = screen.getAllByRole('heading', { level: 3 }).map((one) => one.textContent)
  expect(groups).toEqual(['Wrong secret 1', 'Expired key 1', 'Unknown App ID 1'])
  const rows = screen.getAllByRole('listitem').map((one) => one.textContent)
  expect(rows[0]).toMatch(/k4f1c09ae2b740 callslast .* from 192\.0\.2\.7, first/)
  expect(rows[2]).toContain('No App ID')
  const links = screen.getAllByRole('link').map((one) => one.getAttribute('href'))
  expect(links).toEqual([
    '/deployments/plant/api-keys/k4f1c09ae2b7',
    '/deployments/plant/api-keys/k0123456789a',
  ])
})

test('isn’t there where nothing was refused', async () => {
  const { send, container } = open([])
  await waitFor(() => expect(send).toHaveBeenCalled())
  expect(container.textContent).toBe('')
})

test('says so when it didn’t load, and tries again', async () => {
  const { send } = open({ status: 409 })
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(send).toHaveBeenCalledTimes(2))
})

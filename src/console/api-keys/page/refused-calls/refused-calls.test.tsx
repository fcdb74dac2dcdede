import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import type { RefusedCalls } from '../../../../contract/usage/schemas.ts'
// The client fetches it with its first answer; here it is waited for before anything is timed.
import '../../../api/check-answer.ts'
import { sessionQuery } from '../../../session/session-query.ts'
import { sessionAs } from '../../../testing/fixtures.ts'
import { apiKey, catalog, problem, renderWithQueries } from '../../testing.tsx'
import { RefusedCallsSection } from './refused-calls.tsx'

const onAdd = vi.fn<(operation: string) => void>()
const onLimits = vi.fn<() => void>()
const refused = {
  operation: 'GET /clients/{clientid}',
  reason: 'notGranted',
  calls: 12,
  firstAt: '2026-11-20T12:00:00.000Z',
  lastAt: '2026-11-23T12:00:00.000Z',
  lastAddress: '192.0.2.7',
} as const

function answer(items: RefusedCalls['items']): void {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ items, nextCursor: null })))
}

beforeEach(() => answer([refused]))

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function open(key: ApiKey = apiKey) {
  return renderWithQueries(
    <RefusedCallsSection
      deploymentId="plant"
      apiKey={key}
      catalog={catalog}
      onAdd={onAdd}
      onLimits={onLimits}
    />,
  )
}

test('an operation that was refused tells how often and from where, and leads to adding it', async () => {
  open()
  const item = await screen.findByRole('listitem')
  expect(item.textContent).toContain('GET/clients/{clientid}')
  expect(item.textContent).toContain('12 calls')
  expect(item.textContent).toContain('192.0.2.7')
  fireEvent.click(screen.getByRole('button', { name: /^Add this permission/ }))
  expect(onAdd).toHaveBeenCalledWith('GET /clients/{clientid}')
})

test('what the key may call by now is not offered again', async () => {
  open({ ...apiKey, access: { mode: 'list', operations: ['GET /clients/{clientid}'] } })
  const button = await screen.findByRole('button', { name: /^Allowed now/ })
  expect(button.getAttribute('aria-disabled')).toBe('true')
})

test('a call from elsewhere leads to the addresses, not to the permissions', async () => {
  answer([{ ...refused, operation: 'GET /clients', reason: 'address' }])
  open({ ...apiKey, allowedAddresses: ['198.51.100.0/24'] })
  expect((await screen.findByRole('listitem')).textContent).toContain('outside its allowed')
  expect(screen.queryByRole('button', { name: /permission/ })).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Change addresses…' }))
  expect(onLimits).toHaveBeenCalledTimes(1)
})

test('what the catalog no longer has can’t be added', async () => {
  answer([{ ...refused, operation: 'GET /gone' }])
  open()
  expect((await screen.findByRole('listitem')).textContent).toContain('No longer in the catalog')
  expect(screen.queryByRole('button', { name: /permission/ })).toBeNull()
})

test('an operator sees who may add it', async () => {
  const { client } = open()
  client.setQueryData(sessionQuery.queryKey, sessionAs('operator'))
  const button = await screen.findByRole('button', { name: /^Add this permission/ })
  await vi.waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('true'))
  expect(screen.getByText(/^Only administrators may change/)).toBeTruthy()
})

test('nothing refused and failed to load are two sights', async () => {
  answer([])
  open()
  expect(await screen.findByText('Nothing was refused')).toBeTruthy()
  cleanup()
  vi.stubGlobal('fetch', () =>
    Promise.resolve(Response.json(problem(403, 'The store is locked.'), { status: 403 })),
  )
  open()
  expect(await screen.findByText('The refused calls didn’t load')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
})

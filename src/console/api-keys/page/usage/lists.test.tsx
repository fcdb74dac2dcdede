import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { apiKey } from '../../testing.tsx'
import { AddressList } from './address-list.tsx'
import { OperationList } from './operation-list.tsx'

afterEach(cleanup)

const now = Date.parse('2026-11-23T14:00:00.000Z')
const lastUsedAt = '2026-11-23T12:00:00.000Z'
const items = () => screen.getAllByRole('listitem').map((item) => item.textContent)
const used = { operation: 'GET /clients', allowed: 12, refused: 0, failed: 1, lastUsedAt } as const

test('operations say how often they were called and when last, and how many never were', () => {
  render(
    <OperationList
      apiKey={apiKey}
      now={now}
      period="the last 7 days"
      operations={[
        used,
        { operation: 'GET /subscriptions', allowed: 0, refused: 4, failed: 0, lastUsedAt: null },
      ]}
    />,
  )
  const [first, second] = items()
  expect(first).toContain('/clients12 allowed')
  expect(first).toContain('Last used 2 h ago')
  expect(first).toContain('1 failed')
  expect(second).toContain('4 refused')
  expect(second).not.toContain('Last used')
  // Of its two permissions, "GET /rules" wasn’t used.
  expect(screen.getByText(/1 permission of this key wasn’t used in the last 7 days/)).toBeTruthy()
})

test('a long list shows the most used, and the rest when asked', () => {
  const operations = Array.from({ length: 11 }, (_, at) => ({
    ...used,
    operation: `GET /clients/${at}` as const,
  }))
  render(<OperationList apiKey={apiKey} now={now} period="" operations={operations} />)
  expect(items()).toHaveLength(8)
  fireEvent.click(screen.getByRole('button', { name: 'Show all 11' }))
  expect(items()).toHaveLength(11)
})

test('addresses that the key is no longer used from are told apart', () => {
  render(
    <AddressList
      apiKey={{ ...apiKey, allowedAddresses: ['192.0.2.0/24'] }}
      now={now}
      addresses={[
        { address: '192.0.2.7', allowed: 3, lastUsedAt },
        { address: '2001:db8::1', allowed: 1, lastUsedAt },
      ]}
    />,
  )
  const [inside, outside] = items()
  expect(inside).not.toContain('Shut out')
  expect(outside).toContain('Shut out now')
  expect(
    screen.getByText('Counted since the record begins, whichever days are shown.'),
  ).toBeTruthy()
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { sessionQuery } from '../../session/session-query.ts'
import { sessionAs } from '../../testing/fixtures.ts'
import type { KeyDialog } from '../data/key-dialog.ts'
import { apiKey, renderWithQueries } from '../testing.tsx'
import { LastUsedText, StatusText } from './cells.tsx'
import { OldSecretLine } from './old-secret-line.tsx'

afterEach(cleanup)

const now = Date.parse('2026-11-23T12:00:00.000Z')
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString()

function lastUsed(lastUse: ApiKey['lastUse']) {
  return render(<LastUsedText apiKey={{ ...apiKey, lastUse }} now={now} />).container
}

test('never used, not recorded and a time are three texts', () => {
  expect(lastUsed({ kind: 'never' }).textContent).toBe('Never used')
  cleanup()
  lastUsed({ kind: 'notRecorded' })
  const unknown = screen.getByRole('button', { name: 'Not recorded' })
  expect(descriptionOf(unknown)).toContain('before uses were recorded')
})

test('the last use tells its time, operation and address', () => {
  const use = { operation: 'GET /clients', at: inHours(-2) } as const
  lastUsed({ kind: 'used', ...use, address: '192.0.2.7' })
  expect(descriptionOf(screen.getByRole('button', { name: '2 h ago' }))).toMatch(
    /\d\d:00:00, GET \/clients from 192\.0\.2\.7$/,
  )
  cleanup()
  lastUsed({ kind: 'used', ...use, address: null })
  expect(descriptionOf(screen.getByRole('button'))).toMatch(/GET \/clients$/)
})

test.each([
  ['active', null, 'Active'],
  ['active', inHours(24 * 60), 'Active'],
  ['active', inHours(24 * 5), 'Expires in 5 d'],
  ['active', inHours(2.5), 'Expires in 3 h'],
  ['active', inHours(0.1), 'Expires in 6 min'],
  ['expired', inHours(-1), 'Expired'],
  ['disabled', inHours(24 * 5), 'Disabled'],
] as const)('a key that is %s and ends at %s reads %s', (status, expiresAt, text) => {
  render(<StatusText apiKey={{ ...apiKey, status, expiresAt }} now={now} />)
  expect(screen.getByText(text)).toBeTruthy()
})

const onDialog = vi.fn<(dialog: KeyDialog) => void>()

function oldSecret(lastUsedAt: string | null, role: 'viewer' | 'operator' = 'operator') {
  const { client, container } = renderWithQueries(
    <OldSecretLine
      apiKey={apiKey}
      oldSecret={{ endsAt: inHours(3), lastUsedAt }}
      now={now}
      onDialog={onDialog}
    />,
  )
  fireEvent.focus(container)
  client.setQueryData(sessionQuery.queryKey, sessionAs(role))
  return container
}

test('a rotated key tells when its old secret ends and was last used, and offers to end it', () => {
  const container = oldSecret(inHours(-5 / 60))
  expect(container.textContent).toMatch(/2 secrets, the old one ends in 3 h.*, last used 5 min ago/)
  fireEvent.click(screen.getByRole('button', { name: /^End now/ }))
  expect(onDialog).toHaveBeenCalledWith({ kind: 'endOldSecret', apiKey })
})

test('an old secret that nothing uses says so', () => {
  expect(oldSecret(null).textContent).toContain('not used since the rotation')
})

function descriptionOf(element: HTMLElement): string {
  const id = element.getAttribute('aria-describedby') ?? ''
  return document.getElementById(id)?.textContent ?? ''
}

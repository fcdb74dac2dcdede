import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { apiKey, appSecret, catalog, deployment, renderWithQueries } from '../../testing.tsx'
import { AccessTester } from './access-tester.tsx'

afterEach(cleanup)

const onAdd = vi.fn<(operation: string, origin: HTMLElement | null) => void>()

function open(key: ApiKey = apiKey) {
  return renderWithQueries(
    <AccessTester deployment={deployment} apiKey={key} catalog={catalog} onAdd={onAdd} />,
  )
}

const path = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Path or curl line' })
const verdict = () => screen.getByRole('status').textContent
const paste = (text: string) => fireEvent.paste(path(), { clipboardData: { getData: () => text } })

function check(text: string): void {
  fireEvent.change(path(), { target: { value: text } })
  fireEvent.click(screen.getByRole('button', { name: 'Check' }))
}

test('says what allows a call', () => {
  open({ ...apiKey, access: { mode: 'list', operations: ['GET /clients/{clientid}'] } })
  check('/clients/line-3')
  expect(verdict()).toContain('Allowed by Clients › GET /clients/{clientid}')
})

test('says what a refused call lacks, and leads to adding it', () => {
  open()
  check('DELETE /clients/line-3')
  expect(verdict()).toContain('Refused: not granted. It needs Clients › DELETE /clients/{clientid}')
  fireEvent.click(screen.getByRole('button', { name: /^Add this permission/ }))
  expect(onAdd).toHaveBeenCalledWith(
    'DELETE /clients/{clientid}',
    screen.getByRole('button', { name: 'Check' }),
  )
})

test('judges anew once the key has the permission', () => {
  function Page() {
    const [key, setKey] = useState(apiKey)
    return (
      <>
        <AccessTester deployment={deployment} apiKey={key} catalog={catalog} onAdd={onAdd} />
        <button type="button" onClick={() => setKey({ ...apiKey, access: { mode: 'full' } })}>
          Grant
        </button>
      </>
    )
  }
  renderWithQueries(<Page />)
  check('/clients/a')
  expect(verdict()).toContain('Refused: not granted')
  fireEvent.click(screen.getByRole('button', { name: 'Grant' }))
  expect(verdict()).toContain('Allowed by Clients › GET /clients/{clientid}')
})

test('reads a pasted curl line and drops its secret', () => {
  const { container } = open()
  paste(`curl -u 'k4f1c09ae2b7:${appSecret}' \\\n  -I '${deployment.apiBaseUrl}/clients'`)
  expect(path().value).toBe('/clients')
  expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe('HEAD')
  expect(verdict()).toContain('Allowed by Clients › GET /clients')
  expect(container.innerHTML).not.toContain(appSecret)
})

test('drops a secret that it can’t read an address from as well', () => {
  const { container } = open()
  fireEvent.change(path(), { target: { value: `curl -u k:${appSecret}` } })
  fireEvent.click(screen.getByRole('button', { name: 'Check' }))
  expect(screen.getByText(/no address/)).toBeTruthy()
  expect(container.innerHTML).not.toContain(appSecret)
})

test.each([
  ['/nothing/here', /no GET at this path\. It answers 404/],
  ['/clients/../rules', /climbs by/],
  ['clients', /starts with "\/"/],
])('refuses %s as the gateway does', (text, reason) => {
  open()
  check(text)
  expect(verdict()).toMatch(reason)
})

test('says what else an allowed call needs', () => {
  open({ ...apiKey, status: 'disabled', allowedAddresses: ['192.0.2.0/24'] })
  check('/rules')
  expect(verdict()).toContain('the key is disabled')
  expect(verdict()).toContain('192.0.2.0/24')
  expect(verdict()).toContain('Not offered by the embedded broker')
})

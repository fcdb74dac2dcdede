import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { deployment } from '../../testing/fixtures.ts'
import { renderConsole } from '../../testing/render-console.tsx'
import { stubFetch } from '../../testing/stub-fetch.ts'
import { RenameDialog } from './rename-dialog.tsx'

const { send } = stubFetch()

test('a name that is too long is counted, said and not sent', () => {
  renderConsole(<RenameDialog deployment={deployment} onClose={() => undefined} />)
  const name = screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' })
  fireEvent.input(name, { target: { value: 'é'.repeat(60) } })
  expect(screen.getByText('60 / 60')).toBeTruthy()
  expect(name.getAttribute('aria-invalid')).toBeNull()
  // A paste is cut by `maxLength` alone.
  expect(name.maxLength).toBe(-1)
  fireEvent.input(name, { target: { value: 'é'.repeat(61) } })
  expect(screen.getByText('61 / 60')).toBeTruthy()
  expect(screen.getByText('Use at most 60 characters.')).toBeTruthy()
  if (name.form) fireEvent.submit(name.form)
  expect(send).not.toHaveBeenCalled()
})

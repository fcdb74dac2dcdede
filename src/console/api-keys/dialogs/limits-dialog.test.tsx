import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { confirm } from '../form/testing.tsx'
import { apiKey, deployment, renderWithQueries, stubApi } from '../testing.tsx'
import { LimitsDialog } from './limits-dialog.tsx'

const { answer, send, sent } = stubApi()
const onSaved = vi.fn<(apiKey: ApiKey) => void>()

test('a key of a plan without notes takes its limits in a dialog of their own', async () => {
  answer(200, { ...apiKey, version: 5 })
  const full: ApiKey = { ...apiKey, note: '', access: { mode: 'full' } }
  renderWithQueries(
    <LimitsDialog
      deployment={{ ...deployment, plan: 'serverless' }}
      apiKey={full}
      onSaved={onSaved}
      onClose={() => undefined}
    />,
  )
  const dialog = screen.getByRole('dialog', { name: 'Expiry and Addresses' })
  expect(within(dialog).queryByRole('checkbox')).toBeNull()
  expect(within(dialog).queryByLabelText('Note')).toBeNull()
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Expires' }))
  fireEvent.change(screen.getByRole('textbox', { name: 'Allowed addresses' }), {
    target: { value: '10.0.0.1' },
  })
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  expect(sent()).toEqual({ allowedAddresses: ['10.0.0.1'] })
  expect(send.mock.calls[0]?.[1].headers).toMatchObject({ 'If-Match': '"4"' })
})

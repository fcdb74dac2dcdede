import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, vi } from 'vitest'
import type { Role } from '../../../contract/accounts/roles.ts'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import type { FormPurpose } from '../data/key-dialog.ts'
import { catalog, deployment, renderWithQueries, stubApi } from '../testing.tsx'
import { ApiKeyForm } from './api-key-form.tsx'

/** Sets up tests of the New / Edit form: a stubbed API, mocked callbacks and what opens it. */
export function setUpForm() {
  const api = stubApi()
  const onCreated = vi.fn<(created: CreatedApiKey) => void>()
  const onSaved = vi.fn<(apiKey: ApiKey) => void>()
  const onClose = vi.fn<() => void>()
  beforeEach(() => {
    for (const mock of [onCreated, onSaved, onClose]) mock.mockReset()
  })

  function open(purpose: FormPurpose = { kind: 'new' }, role?: Role) {
    return renderWithQueries(
      <ApiKeyForm
        deployment={deployment}
        catalog={catalog}
        purpose={purpose}
        onCreated={onCreated}
        onSaved={onSaved}
        onClose={onClose}
      />,
      role,
    )
  }

  return { api, onCreated, onSaved, onClose, open }
}

export const confirmButton = () => screen.getByRole('button', { name: 'Confirm' })

/** Submits the form as a browser does by Confirm, which stands outside of it. */
export function confirm(): void {
  const button = confirmButton()
  if (button.getAttribute('aria-disabled') !== null) return
  fireEvent.submit(document.getElementById(button.getAttribute('form') ?? '') ?? button)
}

export const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

export const press = (name: string | RegExp) =>
  fireEvent.click(screen.getByRole('button', { name }))

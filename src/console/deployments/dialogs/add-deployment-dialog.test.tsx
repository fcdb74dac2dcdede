import { fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { renderConsole } from '../../testing/render-console.tsx'
import { AddDeploymentDialog } from './add-deployment-dialog.tsx'

const onClose = vi.fn<() => void>()
const onAdded = vi.fn<(deployment: Deployment) => void>()

afterEach(() => {
  onClose.mockReset()
})

const open = () => renderConsole(<AddDeploymentDialog onClose={onClose} onAdded={onAdded} />)
const name = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' })
const type = (text: string) => fireEvent.input(name(), { target: { value: text } })
const press = (label: string) => fireEvent.click(screen.getByRole('button', { name: label }))
const pressEscape = () =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })

test('with nothing typed, X closes at once', () => {
  open()
  press('Close')
  expect(onClose).toHaveBeenCalledOnce()
})

test('Cancel closes at once, whatever was typed', () => {
  open()
  type('north')
  press('Cancel')
  expect(onClose).toHaveBeenCalledOnce()
})

test('Esc asks in the footer before what was typed goes', () => {
  open()
  name().focus()
  type('north')
  pressEscape()
  expect(screen.getByRole('group', { name: 'Discard changes?' })).toBeTruthy()
  expect(screen.queryByRole('alertdialog')).toBeNull()
  expect(document.activeElement?.textContent).toBe('Keep editing')
  expect(onClose).not.toHaveBeenCalled()
  press('Keep editing')
  expect(name().value).toBe('north')
  expect(document.activeElement).toBe(name())
  press('Close')
  press('Discard')
  expect(onClose).toHaveBeenCalledOnce()
})

test('a name that is too long is counted and said, not cut', () => {
  open()
  expect(screen.getByText('0 / 60')).toBeTruthy()
  type('x'.repeat(61))
  expect(screen.getByText('61 / 60')).toBeTruthy()
  expect(screen.getByText('Use at most 60 characters.')).toBeTruthy()
  expect(name().maxLength).toBe(-1)
})

test('no saved password is filled in for the secret of an EMQX endpoint', () => {
  open()
  fireEvent.click(screen.getByRole('radio', { name: /EMQX endpoint/ }))
  const secret = screen.getByLabelText<HTMLInputElement>('Secret key')
  expect(secret.autocomplete).toBe('new-password')
})

test('each plan says how many operations its catalog has', () => {
  open()
  const plans = screen.getByRole('group', { name: 'Plan' })
  expect([...plans.querySelectorAll('label')].map((label) => label.textContent)).toEqual([
    'Serverless11 operations; every key has full access',
    'Dedicated77 operations in v5, 55 in v4',
    'Dedicated Flex77 operations',
    'BYOC77 operations, in your own cloud',
  ])
})

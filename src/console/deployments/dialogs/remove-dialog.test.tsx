import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { deployment } from '../../testing/fixtures.ts'
import { renderConsole } from '../../testing/render-console.tsx'
import { stubFetch } from '../../testing/stub-fetch.ts'
import { RemoveDialog } from './remove-dialog.tsx'

const { send, answer } = stubFetch()
const onClose = vi.fn<() => void>()
const onRemoved = vi.fn<() => void>()

beforeEach(() => {
  onRemoved.mockReset()
})

const problem = (status: number, detail: string) => ({ title: 'No', status, detail })

const open = () =>
  renderConsole(<RemoveDialog deployment={deployment} onClose={onClose} onRemoved={onRemoved} />)
const entry = () => screen.getByRole<HTMLInputElement>('textbox')
const type = (text: string) => fireEvent.change(entry(), { target: { value: text } })
const button = (name: string) => screen.getByRole('button', { name })
const submit = () => {
  const form = entry().closest('form')
  if (form) fireEvent.submit(form)
}

test('removes the revision that was shown, once its name was typed', async () => {
  answer(204)
  open()
  submit()
  expect(send).not.toHaveBeenCalled()
  type('plant')
  submit()
  await waitFor(() => expect(onRemoved).toHaveBeenCalledOnce())
  expect(send.mock.calls[0]?.[1]).toMatchObject({
    method: 'DELETE',
    headers: { 'If-Match': '"3"' },
  })
})

test('a deployment that changed meanwhile is shown as it is now, and can be removed anyway', async () => {
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(200, { ...deployment, apiKeyCount: 2, revision: 4 })
  answer(204)
  open()
  type('plant')
  submit()
  expect((await screen.findByRole('alert')).textContent).toMatch(/changed meanwhile/)
  expect(screen.getByText(/Its 2 API keys stop/)).toBeTruthy()
  expect(onRemoved).not.toHaveBeenCalled()
  expect(entry().value).toBe('plant')
  fireEvent.submit(button('Remove anyway'))
  await waitFor(() => expect(onRemoved).toHaveBeenCalledOnce())
  expect(send.mock.calls[2]?.[1].headers).toMatchObject({ 'If-Match': '"4"' })
})

test('one that was renamed meanwhile is removed by its new name alone', async () => {
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(200, { ...deployment, name: 'plant two', revision: 4 })
  answer(204)
  open()
  type('plant')
  submit()
  expect((await screen.findByRole('alert')).textContent).toMatch(/renamed .*“plant two”/)
  expect(entry().value).toBe('plant')
  fireEvent.submit(button('Remove anyway'))
  expect(send).toHaveBeenCalledTimes(2)
  type('plant two')
  fireEvent.submit(button('Remove anyway'))
  await waitFor(() => expect(onRemoved).toHaveBeenCalledOnce())
})

test('the current version that can’t be loaded is tried again with the next press', async () => {
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(500, problem(500, 'The store is full.'))
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(200, { ...deployment, revision: 4 })
  open()
  type('plant')
  submit()
  expect((await screen.findByText(/The store is full/)).textContent).toBeTruthy()
  submit()
  expect(await screen.findByText(/changed meanwhile/)).toBeTruthy()
  expect(button('Remove anyway')).toBeTruthy()
})

test('one that is gone already counts as removed', async () => {
  answer(404, problem(404, 'There is no such deployment.'))
  open()
  type('plant')
  submit()
  await waitFor(() => expect(onRemoved).toHaveBeenCalledOnce())
})

test('another failure stays in the dialog', async () => {
  answer(500, problem(500, 'The store is full.'))
  open()
  type('plant')
  submit()
  expect((await screen.findByRole('alert')).textContent).toContain('The store is full.')
  expect(entry().value).toBe('plant')
  expect(onRemoved).not.toHaveBeenCalled()
})

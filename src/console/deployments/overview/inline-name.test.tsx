import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { deployment } from '../../testing/fixtures.ts'
import { renderConsole } from '../../testing/render-console.tsx'
import { stubFetch } from '../../testing/stub-fetch.ts'
import { InlineName } from './inline-name.tsx'

const { send, answer } = stubFetch()

function startEditing(typed: string): HTMLElement {
  renderConsole(<InlineName deployment={deployment} />)
  fireEvent.click(screen.getByRole('button', { name: 'Rename' }))
  const input = screen.getByRole('textbox', { name: 'Name' })
  fireEvent.change(input, { target: { value: typed } })
  return input
}

function pressEnter(input: HTMLElement): void {
  const form = input.closest('form')
  if (form) fireEvent.submit(form)
}

test('Enter saves, based on the revision that was shown, and gives the focus back', async () => {
  answer(200, { ...deployment, name: 'north plant', revision: 4 })
  pressEnter(startEditing('  north plant '))
  await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull())
  expect(send.mock.calls[0]?.[1]).toMatchObject({
    method: 'PATCH',
    body: '{"name":"north plant"}',
    headers: { 'If-Match': '"3"' },
  })
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Rename' }))
})

test('Esc leaves the name as it was and sends nothing', () => {
  fireEvent.keyDown(startEditing('other'), { key: 'Escape' })
  expect(screen.getByRole('heading', { name: 'plant' })).toBeTruthy()
  expect(screen.queryByRole('textbox')).toBeNull()
  expect(send).not.toHaveBeenCalled()
})

test.each(['', '   '])('a name of nothing (“%s”) is refused beside the field', async (typed) => {
  pressEnter(startEditing(typed))
  expect(await screen.findByText('Give the deployment a name.')).toBeTruthy()
  expect(send).not.toHaveBeenCalled()
})

test('a failure stays beside what was typed', async () => {
  answer(422, { title: 'x', status: 422, detail: 'Leave out line breaks.' })
  const input = startEditing('north')
  pressEnter(input)
  expect(await screen.findByText('Leave out line breaks.')).toBeTruthy()
  expect(screen.getByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'north')
})

test('after someone else’s change it says so, and saving again replaces it', async () => {
  answer(412, { title: 'x', status: 412, detail: 'Changed.' })
  answer(200, { ...deployment, name: 'south', revision: 7 })
  const input = startEditing('north')
  pressEnter(input)
  expect(await screen.findByText(/renamed it to “south”/)).toBeTruthy()
  answer(200, { ...deployment, name: 'north', revision: 8 })
  pressEnter(input)
  await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull())
  const last = send.mock.calls.findLast(([, init]) => init.method === 'PATCH')
  expect(last?.[1]).toMatchObject({ headers: { 'If-Match': '"7"' } })
})

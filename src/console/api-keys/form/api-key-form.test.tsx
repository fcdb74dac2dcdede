import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { asksBeforeUnload } from '../../testing/in-router.tsx'
import { apiKey, appSecret, problem } from '../testing.tsx'
import { box, confirm, press, setUpForm } from './testing.tsx'

const { api, onCreated, onSaved, onClose, open } = setUpForm()
const { answer, send, sent } = api

const note = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Note' })
const type = (text: string) => fireEvent.change(note(), { target: { value: text } })

test('a new key is sent with note and ticked operations', async () => {
  answer(201, { apiKey, appSecret })
  open()
  type('  Line 3 ')
  fireEvent.click(box('GET /clients, Clients'))
  fireEvent.click(box('PUT /rules/{id}, Rules'))
  expect(screen.getByText('Read clients · change rules')).toBeTruthy()
  confirm()
  await waitFor(() => expect(onCreated).toHaveBeenCalledTimes(1))
  expect(sent()).toEqual({
    note: 'Line 3',
    access: { mode: 'list', operations: ['GET /clients', 'PUT /rules/{id}'] },
  })
})

test('Enter submits from the note alone; in the search it applies the words at once', () => {
  open()
  fireEvent.click(box('GET /rules, Rules'))
  const search = screen.getByRole('searchbox')
  // Where the key's default is left to it, a browser submits the form.
  const submitsFrom = (element: Element) => fireEvent.keyDown(element, { key: 'Enter' })
  fireEvent.change(search, { target: { value: 'disconnect' } })
  expect(submitsFrom(search)).toBe(false)
  expect(screen.getByText('1 of 6')).toBeTruthy()
  expect(submitsFrom(box('Clients'))).toBe(false)
  expect(submitsFrom(screen.getByRole('radio', { name: 'Chosen endpoints' }))).toBe(false)
  expect(submitsFrom(screen.getByRole('button', { name: 'Show selected' }))).toBe(true)
  expect(submitsFrom(note())).toBe(true)
})

test('every box ticked is still a list; full access is a choice of its own', async () => {
  answer(201, { apiKey, appSecret })
  open()
  fireEvent.click(box('Clients'))
  fireEvent.click(box('Rules'))
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Full access' }).checked).toBe(false)
  fireEvent.click(screen.getByRole('radio', { name: 'Full access' }))
  expect(screen.queryByRole('checkbox')).toBeNull()
  confirm()
  await waitFor(() => expect(onCreated).toHaveBeenCalled())
  expect(sent()).toEqual({ note: '', access: { mode: 'full' } })
})

test('Confirm tells why it waits', () => {
  open()
  const button = screen.getByRole('button', { name: 'Confirm' })
  expect(button.getAttribute('aria-disabled')).toBe('true')
  const reason = document.getElementById(button.getAttribute('aria-describedby') ?? '')
  expect(reason?.textContent).toBe('Select at least one endpoint, or choose Full access')
  confirm()
  expect(send).not.toHaveBeenCalled()
})

test('an edit says what changes and sends only that, with the version it is based on', async () => {
  answer(200, { ...apiKey, version: 5 })
  open({ kind: 'edit', apiKey })
  expect(screen.getByRole('dialog', { name: 'Edit API Key' })).toBeTruthy()
  fireEvent.click(box('Clients'))
  fireEvent.click(box('GET /rules, Rules'))
  expect(screen.getByText('+3 added, −1 removed')).toBeTruthy()
  fireEvent.click(box('Clients'))
  fireEvent.click(box('GET /clients, Clients'))
  fireEvent.click(box('GET /rules, Rules'))
  type('Renamed')
  expect(screen.getByText('note changed')).toBeTruthy()
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  expect(sent()).toEqual({ note: 'Renamed' })
  expect(send.mock.calls[0]?.[1].headers).toMatchObject({ 'If-Match': '"4"' })
})

test('a stale edit keeps what was typed on top of the current version', async () => {
  const theirs = { mode: 'list', operations: ['GET /clients', 'PUT /rules/{id}'] }
  answer(412, problem(412, 'Changed in the meantime.'))
  answer(200, { ...apiKey, note: 'Theirs', access: theirs, version: 5 })
  answer(200, { ...apiKey, version: 6 })
  open({ kind: 'edit', apiKey })
  type('Mine')
  fireEvent.click(box('DELETE /clients/{clientid}, Clients'))
  confirm()
  await screen.findByText(/was changed meanwhile/)
  press('Load current version')
  await screen.findByText(/This is the current version/)
  expect(note().value).toBe('Mine')
  expect(box('PUT /rules/{id}, Rules').checked).toBe(true)
  expect(box('GET /rules, Rules').checked).toBe(false)
  expect(box('DELETE /clients/{clientid}, Clients').checked).toBe(true)
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  expect(send.mock.calls[2]?.[1].headers).toMatchObject({ 'If-Match': '"5"' })
})

test('an edit of a key that was deleted meanwhile goes on as a new key', async () => {
  answer(404, problem(404, 'There is no such API key.'))
  answer(201, { apiKey, appSecret })
  const old: ApiKey = {
    ...apiKey,
    access: { mode: 'list', operations: ['GET /gone', 'GET /rules'] },
  }
  open({ kind: 'edit', apiKey: old })
  type('Mine')
  confirm()
  expect(await screen.findByText('This key was deleted meanwhile. Nothing was saved.')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Confirm' }).getAttribute('aria-disabled')).toBe('true')
  press('Make a new key from this')
  expect(screen.getByRole('dialog', { name: 'New API Key' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(document.activeElement).toBe(note())
  press('Close')
  expect(screen.getByText('Discard changes?')).toBeTruthy()
  press('Keep editing')
  send.mockClear()
  confirm()
  await waitFor(() => expect(onCreated).toHaveBeenCalledTimes(1))
  expect(sent()).toEqual({ note: 'Mine', access: { mode: 'list', operations: ['GET /rules'] } })
})

test('a refused note shows at the field, which gets the focus', async () => {
  const detail = 'Leave out line breaks and control characters.'
  answer(422, problem(422, `Nothing was saved. ${detail}`, [{ field: 'note', detail }]))
  open({ kind: 'duplicate', apiKey: apiKey })
  expect(note().value).toBe('Grafana scrape copy')
  confirm()
  await screen.findByText(detail)
  expect(note().getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(note())
  expect(screen.queryByRole('alert')).toBeNull()
})

test('another refusal shows in the dialog and keeps everything', async () => {
  answer(422, problem(422, 'This deployment has no room for more keys.'))
  open({ kind: 'duplicate', apiKey: apiKey })
  confirm()
  expect((await screen.findByRole('alert')).textContent).toMatch(/no room/)
  expect(box('GET /clients, Clients').checked).toBe(true)
})

test('a duplicate or replacement leaves out what the catalog no longer has', () => {
  const old: ApiKey = {
    ...apiKey,
    access: { mode: 'list', operations: ['GET /gone', 'GET /rules'] },
  }
  open({ kind: 'duplicate', apiKey: old })
  expect(screen.getByRole('status').textContent).toBe('6 of 6 shown · 1 selected')
})

test('an edit shows retired operations and keeps them', () => {
  const old: ApiKey = {
    ...apiKey,
    access: { mode: 'list', operations: ['GET /gone', 'GET /rules'] },
  }
  open({ kind: 'edit', apiKey: old })
  expect(box('GET /gone, Retired').checked).toBe(true)
  expect(screen.getByText('Nothing has changed yet', { selector: 'p span' })).toBeTruthy()
})

test('X and Esc ask before changes go; Cancel does not; nothing to lose, nothing asked', () => {
  open()
  press('Close')
  expect(onClose).toHaveBeenCalledTimes(1)
  type('Unsaved')
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
  expect(screen.getByText('Discard changes?')).toBeTruthy()
  expect(document.activeElement?.textContent).toBe('Keep editing')
  press('Keep editing')
  expect(note().value).toBe('Unsaved')
  press('Close')
  press('Discard')
  expect(onClose).toHaveBeenCalledTimes(2)
})

test('the browser asks before a reload while there is something to lose', () => {
  open()
  expect(asksBeforeUnload()).toBe(false)
  type('Unsaved')
  expect(asksBeforeUnload()).toBe(true)
  type('')
  expect(asksBeforeUnload()).toBe(false)
})

test('Cancel closes at once', () => {
  open()
  type('Unsaved')
  press('Cancel')
  expect(onClose).toHaveBeenCalledTimes(1)
})

test('the risky endpoints of a selection are one press away, with their sentences', () => {
  open({
    kind: 'duplicate',
    apiKey: { ...apiKey, access: { mode: 'list', operations: ['GET /clients'] } },
  })
  fireEvent.click(box('Rules'))
  press('1 endpoint can undo other limits')
  expect(screen.getByText('Can run code on every message.').hidden).toBe(false)
  expect(screen.getByRole('status').textContent).toBe(
    '1 of 6 shown · 3 selected, 2 of them hidden by the filter',
  )
})

test('an operator changes the note alone and sees what the key may call', async () => {
  answer(200, { ...apiKey, note: 'By an operator', version: 5 })
  open({ kind: 'edit', apiKey }, 'operator')
  expect(screen.getByText('Only administrators may change what a key may call.')).toBeTruthy()
  expect(screen.queryByRole('checkbox')).toBeNull()
  expect(screen.queryByRole('radio')).toBeNull()
  expect(screen.getByRole('group', { name: 'API Permissions' }).textContent).toContain('/rules')
  type('By an operator')
  confirm()
  await waitFor(() => expect(onSaved).toHaveBeenCalled())
  expect(sent()).toEqual({ note: 'By an operator' })
})

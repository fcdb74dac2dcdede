import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { useCallback, useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { toCatalogView, type CatalogView } from '../data/catalog-view.ts'
import { catalog } from '../testing.tsx'
import { PermissionPicker } from './permission-picker.tsx'
import type { PickerView, Selection } from './selection.ts'

afterEach(cleanup)

function Picker({ of, initial }: { of: CatalogView; initial: Selection }) {
  const [selection, setSelection] = useState(initial)
  const [view, setView] = useState<PickerView>()
  const select = useCallback((change: (current: Selection) => Selection) => {
    setSelection(change)
  }, [])
  return (
    <PermissionPicker
      catalog={of}
      selection={selection}
      onSelect={select}
      view={view}
      onView={setView}
      notOffered="Not offered by the embedded broker"
    />
  )
}

function show(initial: Selection = new Set(), of = catalog): void {
  render(<Picker of={of} initial={initial} />)
}

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })
const boxNames = () => screen.getAllByRole('checkbox').map((one) => one.getAttribute('aria-label'))
const status = () => screen.getByRole('status').textContent
const search = (text: string) =>
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: text } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

test('names each operation with its category, and each category by its name alone', () => {
  show()
  expect(box('GET /clients/{clientid}, Clients')).toBeTruthy()
  expect(box('Clients')).toBeTruthy()
  expect(screen.getAllByRole('checkbox')).toHaveLength(8)
})

test('a category shows all three states and ticks its rows', () => {
  show(new Set(['GET /clients']))
  expect(box('Clients').indeterminate).toBe(true)
  fireEvent.click(box('Clients'))
  expect(box('Clients').checked).toBe(true)
  expect(box('DELETE /clients/{clientid}, Clients').checked).toBe(true)
  expect(box('GET /rules, Rules').checked).toBe(false)
  fireEvent.click(box('Clients'))
  expect(status()).toBe('6 of 6 shown · 0 selected')
})

test('under a filter a category touches only what is shown, and tells only that', () => {
  show(new Set(['DELETE /clients/{clientid}', 'GET /rules']))
  press('GET')
  expect(box('Clients').checked).toBe(false)
  expect(box('Clients').indeterminate).toBe(false)
  fireEvent.click(box('Clients'))
  expect(box('Clients').checked).toBe(true)
  expect(status()).toBe('4 of 6 shown · 5 selected, 1 of them hidden by the filter')
  press('GET')
  expect(box('DELETE /clients/{clientid}, Clients').checked).toBe(true)
})

test('search and methods narrow together; clearing shows everything again', async () => {
  show()
  search('  clientid disconnect ')
  await screen.findByText('1 of 6')
  expect(boxNames().filter(Boolean)).toEqual(['DELETE /clients/{clientid}, Clients'])
  expect(screen.getByText('1 shown', { exact: false })).toBeTruthy()
  press('PUT')
  expect(screen.getByText('No endpoint matches')).toBeTruthy()
  fireEvent.click(screen.getAllByRole('button', { name: 'Clear filter' })[0] ?? document.body)
  await screen.findByText('6 of 6')
  expect(status()).toBe('6 of 6 shown · 0 selected')
  expect(screen.getByRole('button', { name: 'PUT' }).getAttribute('aria-pressed')).toBe('false')
})

test('marks what was searched for', async () => {
  show()
  search('mqueue')
  await screen.findByText('1 of 6')
  const row = box('GET /clients/{clientid}/mqueue_messages, Clients').closest('li')
  expect(row?.querySelector('mark')?.textContent).toBe('mqueue')
})

test('Show selected brings hidden ones back, and keeps a row that is then unticked', () => {
  show(new Set(['GET /rules', 'GET /clients']))
  search('disconnect')
  press('Show selected')
  expect(status()).toBe('2 of 6 shown · 2 selected')
  fireEvent.click(box('GET /rules, Rules'))
  expect(box('GET /rules, Rules').checked).toBe(false)
  expect(status()).toBe('2 of 6 shown · 1 selected')
})

test('a risk tells its sentence at the press of its label', () => {
  show()
  const row = box('PUT /rules/{id}, Rules').closest('li') ?? document.body
  const label = within(row).getByRole('button', { name: 'can undo other limits' })
  expect(label.getAttribute('aria-expanded')).toBe('false')
  fireEvent.click(label)
  expect(label.getAttribute('aria-expanded')).toBe('true')
  expect(within(row).getByText('Can run code on every message.').hidden).toBe(false)
})

test('says once for a category, else at the row, what the backend does not offer', () => {
  show()
  const all = screen.getAllByText('Not offered by the embedded broker')
  expect(all.map((one) => one.closest('li')?.textContent ?? 'category')).toEqual([
    expect.stringContaining('mqueue_messages'),
    'category',
  ])
  fireEvent.click(box('GET /rules, Rules'))
  expect(box('GET /rules, Rules').checked).toBe(true)
})

test('offers PATCH only where the catalog has it', () => {
  show()
  expect(screen.queryByRole('button', { name: 'PATCH' })).toBeNull()
  cleanup()
  const patch = {
    id: 'PATCH /a',
    method: 'PATCH',
    path: '/a',
    summary: '',
    supported: true,
  } as const
  show(new Set(), toCatalogView({ categories: [{ name: 'Shadow Service', operations: [patch] }] }))
  expect(screen.getByRole('button', { name: 'PATCH' })).toBeTruthy()
})

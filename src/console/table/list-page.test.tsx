import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import type { Column } from './data-table.tsx'
import { ListPage, type ListAnswer } from './list-page.tsx'

type Row = { name: string }

const columns: readonly [Column<Row>] = [{ name: 'Name', className: '', cell: ({ name }) => name }]
const pending: ListAnswer<Row> = {
  items: undefined,
  error: null,
  isRetrying: false,
  retry: vi.fn<() => void>(),
}

afterEach(cleanup)

function show(answer: Partial<ListAnswer<Row>>, refusal?: string): string {
  const { container } = render(
    <ListPage
      title="Cats"
      lead="Every cat."
      things="cats"
      answer={{ ...pending, ...answer }}
      refusal={refusal}
      heading={createRef()}
      action={<button type="button">Add cat</button>}
      columns={columns}
      rowKey={({ name }) => name}
      renderActions={({ name }) => <button type="button">Actions for {name}</button>}
      empty={<p>No cats yet</p>}
    />,
  )
  return container.textContent
}

test('what is on its way is said to be', () => {
  expect(show({})).toContain('Loading the cats')
  expect(screen.queryByText('No cats yet')).toBeNull()
})

test('items are listed with their actions', () => {
  show({ items: [{ name: 'Tom' }] })
  expect(screen.getByText('Tom')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Actions for Tom' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Add cat' })).toBeTruthy()
})

test('no items are told from a list that didn’t load', () => {
  show({ items: [] })
  expect(screen.getByText('No cats yet')).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a list that didn’t load can be tried again', () => {
  const retry = vi.fn<() => void>()
  show({ error: new ApiError(500, 'The store is full.'), isRetrying: false, retry })
  expect(screen.getByRole('alert').textContent).toContain('The cats didn’t load')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledOnce()
})

test('a list that isn’t up to date stays and says so', () => {
  const text = show({ items: [{ name: 'Tom' }], error: new ApiError(500, 'The store is full.') })
  expect(text).toContain('This list isn’t up to date. The store is full.')
  expect(text).toContain('Tom')
})

test.each([
  ['by the role', {}, 'Only administrators may see the cats.'],
  [
    'by the server',
    { error: new ApiError(403, 'Only administrators may do this.') },
    'Only administrators may do this.',
  ],
])('what isn’t allowed %s is told from what failed', (_, answer, reason) => {
  const text = show(answer, 'error' in answer ? undefined : reason)
  expect(text).toContain('You may not see the cats')
  expect(text).toContain(reason)
  expect(screen.queryByRole('alert')).toBeNull()
})

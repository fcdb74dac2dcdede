import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SearchInput } from './search-input.tsx'

const onChange = vi.fn<(value: string) => void>()

beforeEach(() => {
  onChange.mockReset()
})

afterEach(cleanup)

const box = () => screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search keys' })

const type = (text: string) => fireEvent.change(box(), { target: { value: text } })

function searchInput(value?: string) {
  const props = { label: 'Search keys', placeholder: 'Name', onChange }
  return <SearchInput {...props} {...(value !== undefined && { value })} />
}

test('tells what is typed and keeps it, whatever else is drawn', () => {
  const { rerender } = render(searchInput())
  type('emqx')
  expect(onChange.mock.lastCall).toEqual(['emqx'])
  rerender(searchInput())
  expect(box().value).toBe('emqx')
})

test('follows a text that comes from elsewhere, such as the address', () => {
  const { rerender } = render(searchInput('first'))
  expect(box().value).toBe('first')
  type('second')
  rerender(searchInput('second'))
  expect(box().value).toBe('second')
  rerender(searchInput(''))
  expect(box().value).toBe('')
  type('third')
  expect(onChange.mock.lastCall).toEqual(['third'])
})

test('its button clears it and gives the focus back', () => {
  render(searchInput('emqx'))
  fireEvent.click(screen.getByRole('button', { name: 'Clear search' }))
  expect(box().value).toBe('')
  expect(onChange.mock.calls).toEqual([['']])
  expect(document.activeElement).toBe(box())
})

test('Esc clears it first, and only then is for what it stands in', () => {
  const around = vi.fn<() => void>()
  render(
    <div role="presentation" onKeyDown={around}>
      {searchInput('emqx')}
    </div>,
  )
  fireEvent.keyDown(box(), { key: 'Escape' })
  expect(box().value).toBe('')
  expect(onChange.mock.calls).toEqual([['']])
  expect(around).not.toHaveBeenCalled()
  fireEvent.keyDown(box(), { key: 'Escape' })
  expect(around).toHaveBeenCalledOnce()
})

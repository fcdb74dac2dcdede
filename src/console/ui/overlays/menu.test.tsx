import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Menu } from './menu.tsx'

const onSelect = vi.fn<() => void>()

beforeEach(() => {
  onSelect.mockReset()
  // The test's browser has no popovers.
  HTMLElement.prototype.showPopover = () => undefined
  HTMLElement.prototype.hidePopover = () => undefined
})

afterEach(cleanup)

function open(disabledReason?: string): void {
  render(<Menu label="Actions" items={[{ label: 'Delete', onSelect, disabledReason }]} />)
  fireEvent.click(screen.getByRole('button', { name: 'Actions' }))
}

test('an action is done', () => {
  open()
  fireEvent.click(screen.getByRole('menuitem', { name: 'Delete' }))
  expect(onSelect).toHaveBeenCalledOnce()
})

test('an action that is out of reach can be focused, says why and does nothing', () => {
  open('Only administrators may delete API keys.')
  const item = screen.getByRole('menuitem', { name: 'Delete' })
  expect(item.getAttribute('aria-disabled')).toBe('true')
  expect(document.activeElement).toBe(item)
  const reason = document.getElementById(item.getAttribute('aria-describedby') ?? '')
  expect(reason?.textContent).toBe('Only administrators may delete API keys.')
  fireEvent.click(item)
  expect(onSelect).not.toHaveBeenCalled()
})

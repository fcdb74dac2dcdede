import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import { HealthLine } from './health-line.tsx'

afterEach(cleanup)

const onCondition = vi.fn<(condition: KeyCondition | undefined) => void>()
const none = {
  fullAccess: 0,
  neverExpires: 0,
  unused30: 0,
  unused90: 0,
  oldSecretInUse: 0,
  legacy: 0,
  unusedPermissions: 0,
}

function open(counts: Partial<typeof none>, condition?: KeyCondition, configurable = true) {
  return render(
    <HealthLine
      counts={{ ...none, ...counts }}
      configurable={configurable}
      condition={condition}
      onCondition={onCondition}
    />,
  )
}

const names = () => screen.getAllByRole('button').map((button) => button.textContent)

test('counts what asks for attention, and leaves out what doesn’t', () => {
  open({ neverExpires: 1, unused30: 1234 })
  expect(names()).toEqual(['1 never expires', '1,234 unused for 30 days'])
})

test('isn’t there where all is well', () => {
  expect(open({}).container.textContent).toBe('')
})

test('doesn’t reproach a plan with the full access that it always gives', () => {
  expect(open({ fullAccess: 3 }, undefined, false).container.textContent).toBe('')
})

test('each count filters the table, and a second press shows all', () => {
  const { unmount } = open({ legacy: 2 })
  fireEvent.click(screen.getByRole('button', { name: '2 legacy' }))
  expect(onCondition).toHaveBeenLastCalledWith('legacy')
  unmount()
  open({ legacy: 2 }, 'legacy')
  expect(screen.getByText(/Replace each/)).toBeTruthy()
  const pressed = screen.getByRole('button', { name: '2 legacy' })
  expect(pressed.getAttribute('aria-pressed')).toBe('true')
  fireEvent.click(pressed)
  expect(onCondition).toHaveBeenLastCalledWith(undefined)
})

test('a filter stays at hand when its last key is mended', () => {
  open({}, 'unused30')
  expect(names()).toEqual(['0 unused for 30 days', 'Show all keys'])
})

import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { useRef, useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { useLostFocus } from './use-lost-focus.ts'

afterEach(cleanup)

function List({ isWork }: { isWork: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [rows, setRows] = useState(['One', 'Two'])
  const { workIsDone, handlers } = useLostFocus(rows, heading)
  function take(row: string): void {
    if (isWork) workIsDone()
    setRows(rows.filter((one) => one !== row))
  }
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        Rows
      </h1>
      <ul {...handlers}>
        {rows.map((row) => (
          <li key={row}>
            <button onClick={() => take('One')}>{row}</button>
          </li>
        ))}
      </ul>
    </>
  )
}

function press(name: string): HTMLElement {
  const button = screen.getByRole('button', { name })
  button.focus()
  fireEvent.click(button)
  return button
}

test('the heading has the focus once work has taken away the row that had it', () => {
  render(<List isWork />)
  press('One')
  expect(document.activeElement).toBe(screen.getByRole('heading'))
})

test('a focus in another row stays', () => {
  render(<List isWork />)
  const button = press('Two')
  expect(screen.getAllByRole('button')).toEqual([button])
  expect(document.activeElement).toBe(button)
})

test('a row that goes by itself moves nothing', () => {
  render(<List isWork={false} />)
  press('One')
  expect(document.activeElement).toBe(document.body)
})

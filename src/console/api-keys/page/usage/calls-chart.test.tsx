import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { CallsChart } from './calls-chart.tsx'
import { CallsTable } from './calls-table.tsx'

afterEach(cleanup)

const calls = [
  { start: '2026-11-21T00:00:00.000Z', allowed: 1, refused: 0, failed: 0 },
  { start: '2026-11-22T00:00:00.000Z', allowed: 0, refused: 0, failed: 0 },
  { start: '2026-11-23T00:00:00.000Z', allowed: 1200, refused: 3, failed: 2 },
]

const open = async () => {
  const { container } = render(<CallsChart calls={calls} span="day" label="The last 30 days" />)
  const readout = () => container.querySelector('p')?.textContent
  return { readout, chart: await screen.findByRole('slider', { name: 'Calls by day' }) }
}

test('sums up until a day is read off', async () => {
  expect((await open()).readout()).toBe('The last 30 days1,201 allowed3 refused2 failed')
})

test('is read off by the arrow keys, day by day', async () => {
  const { readout, chart } = await open()
  fireEvent.keyDown(chart, { key: 'Home' })
  expect(readout()).toBe('Sat 21 Nov1 allowed0 refused0 failed')
  expect(chart.getAttribute('aria-valuetext')).toBe('Sat 21 Nov: 1 allowed, 0 refused, 0 failed')
  fireEvent.keyDown(chart, { key: 'ArrowLeft' })
  fireEvent.keyDown(chart, { key: 'ArrowRight' })
  expect(chart.getAttribute('aria-valuenow')).toBe('2')
  fireEvent.keyDown(chart, { key: 'PageUp' })
  expect(readout()).toContain('Mon 23 Nov')
  fireEvent.keyDown(chart, { key: 'Escape' })
  expect(readout()).toContain('The last 30 days')
})

test('is read off by the pointer', async () => {
  const { readout, chart } = await open()
  chart.getBoundingClientRect = () => new DOMRect(0, 0, 300, 100)
  fireEvent.pointerMove(chart, { clientX: 150 })
  expect(readout()).toContain('Sun 22 Nov')
  fireEvent.pointerLeave(chart)
  expect(readout()).toContain('The last 30 days')
})

test('has its figures in a table, the newest first, without what there is none of', () => {
  render(<CallsTable calls={calls} span="day" />)
  const rows = screen.getAllByRole('row').map((row) => row.textContent)
  expect(rows).toEqual(['Day (UTC)allowedrefusedfailed', 'Mon 23 Nov1,20032', 'Sat 21 Nov100'])
})

import { expect, it } from 'vitest'
import { SERIES } from '../../contract/deployments/series.ts'
import { GaugeSeries } from './history.ts'

const SLOT = SERIES.secondsPerSlot * 1000

function newGauge() {
  let time = 1_000_000 * SLOT
  const gauge = new GaugeSeries(() => new Date(time))
  return { gauge, pass: (slots: number) => (time += slots * SLOT) }
}

it('holds what the value was at the end of each full slot', () => {
  const { gauge, pass } = newGauge()
  expect(gauge.values()).toEqual([])
  gauge.set(3)
  pass(2)
  gauge.set(7)
  gauge.set(5)
  expect(gauge.current).toBe(5)
  expect(gauge.values()).toEqual([3, 3])
  pass(1)
  expect(gauge.values()).toEqual([3, 3, 5])
})

it('keeps as many slots as a chart has, however long nothing changed', () => {
  const { gauge, pass } = newGauge()
  gauge.set(1)
  pass(10)
  gauge.set(2)
  pass(SERIES.slots - 5)
  const values = gauge.values()
  expect(values).toHaveLength(SERIES.slots)
  expect(values.filter((value) => value === 1)).toHaveLength(5)
  pass(1_000_000)
  expect(gauge.values()).toEqual(Array.from({ length: SERIES.slots }, () => 2))
})

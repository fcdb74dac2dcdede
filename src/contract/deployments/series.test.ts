import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { RateSeries, SERIES } from './series.ts'

const start = Date.parse('2026-11-23T12:00:00.000Z')
let time = start
let series: RateSeries

/** Moves the clock by seconds. */
const pass = (seconds: number) => (time += seconds * 1000)
const slotsOfSilence = (count: number) => Array.from({ length: count }, () => 0)

beforeEach(() => {
  time = start
  series = new RateSeries(() => new Date(time))
})

describe('the slots', () => {
  it('are all there and empty at first', () => {
    expect(series.counts()).toEqual(slotsOfSilence(60))
    expect(series.rates()).toEqual(slotsOfSilence(60))
    expect(series.lastMinute()).toBe(0)
  })

  it('show an event once its slot is over, as the newest', () => {
    series.add()
    series.add(2)
    pass(1.999)
    expect(series.counts()).toEqual(slotsOfSilence(60))
    pass(0.001)
    expect(series.counts()).toEqual([...slotsOfSilence(59), 3])
    expect(series.rates()).toEqual([...slotsOfSilence(59), 1.5])
  })

  it('roll from newest to oldest and out', () => {
    series.add(5)
    pass(2 * SERIES.slots)
    expect(series.counts()).toEqual([5, ...slotsOfSilence(59)])
    pass(2)
    expect(series.counts()).toEqual(slotsOfSilence(60))
  })

  it('of a silent gap are zero, however long it was', () => {
    series.add(1)
    pass(8)
    series.add(2)
    pass(2)
    expect(series.counts().slice(-5)).toEqual([1, 0, 0, 0, 2])
    // Whole turns of the ring behind, where old figures would show up again.
    for (const slots of [60, 61, 62, 121, 122, 100_000]) {
      series.add(7)
      pass(2 * slots)
      series.add(4)
      pass(2)
      expect(series.counts().slice(-60)).toEqual([...slotsOfSilence(59), 4])
    }
  })

  it('count each event in the slot it came in', () => {
    const events = fc.array(
      fc.record({ afterSeconds: fc.double({ min: 0, max: 15, noNaN: true }), count: fc.nat(9) }),
    )
    fc.assert(
      fc.property(events, (all) => {
        time = start
        const tried = new RateSeries(() => new Date(time))
        const came: { slot: number; count: number }[] = []
        const slotNow = () => Math.floor(time / 2000)
        for (const { afterSeconds, count } of all) {
          pass(afterSeconds)
          tried.add(count)
          came.push({ slot: slotNow(), count })
        }
        const expected = slotsOfSilence(60).map((_, index) =>
          came
            .filter((one) => one.slot === slotNow() - 60 + index)
            .reduce((sum, one) => sum + one.count, 0),
        )
        expect(tried.counts()).toEqual(expected)
      }),
    )
  })
})

describe('the last minute', () => {
  it('has the events of 30 full slots, the running one left out', () => {
    series.add(100)
    pass(2)
    for (let slot = 0; slot < 30; slot += 1) {
      series.add(1)
      pass(2)
    }
    series.add(1000)
    expect(series.lastMinute()).toBe(30)
  })

  it('is empty a minute after the last event', () => {
    series.add(3)
    pass(60)
    expect(series.lastMinute()).toBe(3)
    pass(2)
    expect(series.lastMinute()).toBe(0)
  })
})

describe('a clock that goes backwards', () => {
  it('by a little loses nothing and counts on where it was', () => {
    series.add(1)
    pass(10)
    series.add(2)
    pass(-6)
    series.add(3)
    expect(series.counts().slice(-5)).toEqual([1, 0, 0, 0, 0])
    pass(8)
    expect(series.counts().slice(-6)).toEqual([1, 0, 0, 0, 0, 5])
  })

  it('by more than the series reaches starts over and counts on', () => {
    series.add(9)
    pass(-3600)
    expect(series.counts()).toEqual(slotsOfSilence(60))
    series.add(2)
    pass(2)
    expect(series.counts()).toEqual([...slotsOfSilence(59), 2])
    expect(series.lastMinute()).toBe(2)
  })

  it('keeps every figure whole whatever it does', () => {
    const steps = fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (all) => {
        time = start
        const tried = new RateSeries(() => new Date(time))
        for (const [index, seconds] of all.entries()) {
          pass(seconds)
          tried.add(1)
          const total = tried.counts().reduce((sum, one) => sum + one, 0)
          expect(total).toBeLessThanOrEqual(index + 1)
          expect(tried.counts()).toHaveLength(60)
        }
        pass(1000)
        expect(tried.counts()).toEqual(slotsOfSilence(60))
      }),
    )
  })
})

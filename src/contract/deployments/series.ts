/** A time series: this many slots of this many seconds, the oldest first. */
export const SERIES = { slots: 60, secondsPerSlot: 2 } as const

/**
 * Counts events in the time slots of `SERIES`, for live charts and rates. The current slot is left
 * out, so that the newest point never dips.
 */
export class RateSeries {
  readonly #slots = new Float64Array(SERIES.slots + 1)
  readonly #now: () => Date
  #current: number

  constructor(now: () => Date) {
    this.#now = now
    this.#current = this.#slotNumber()
  }

  #slotNumber(): number {
    return Math.floor(this.#now().getTime() / 1000 / SERIES.secondsPerSlot)
  }

  #advance(): void {
    const size = this.#slots.length
    const passed = this.#slotNumber() - this.#current
    // A clock set back a little keeps counting in the same slot. One set back further than the
    // series reaches resets it, or the series would stall until the clock caught up.
    if (passed <= 0 && passed > -size) return
    if (Math.abs(passed) >= size) {
      this.#slots.fill(0)
    } else {
      for (let step = 1; step <= passed; step += 1) this.#slots[(this.#current + step) % size] = 0
    }
    this.#current += passed
  }

  add(count = 1): void {
    this.#advance()
    const at = this.#current % this.#slots.length
    this.#slots[at] = (this.#slots[at] ?? 0) + count
  }

  /** The number of the current slot, the same for hosts with the same time. */
  get slot(): number {
    this.#advance()
    return this.#current
  }

  /** Events in each full slot, oldest first. */
  counts(): number[] {
    this.#advance()
    const size = this.#slots.length
    return Array.from({ length: SERIES.slots }, (_, index) => {
      return this.#slots[(this.#current + 1 + index) % size] ?? 0
    })
  }

  /** Events per second in each full slot, oldest first. */
  rates(): number[] {
    return this.counts().map((count) => count / SERIES.secondsPerSlot)
  }

  /** Events of the last full minute. */
  lastMinute(): number {
    return this.counts()
      .slice(-60 / SERIES.secondsPerSlot)
      .reduce((sum, count) => sum + count, 0)
  }
}

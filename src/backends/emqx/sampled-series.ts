import { SERIES } from '../../contract/deployments/series.ts'

// EMQX itself takes its figures every 10 seconds; a longer silence is a gap, not a steady value.
const HOLD_SECONDS = 10

/**
 * Keeps samples of a value in the time slots of `SERIES`, for a backend that is asked now and
 * then. A short pause holds the last value; after a longer one the series restarts.
 */
export class SampledSeries {
  readonly #now: () => Date
  #values: number[] = []
  #slot = 0

  constructor(now: () => Date) {
    this.#now = now
  }

  add(value: number): void {
    const slot = Math.floor(this.#now().getTime() / 1000 / SERIES.secondsPerSlot)
    const passed = slot - this.#slot
    this.#slot = slot
    const last = this.#values.at(-1)
    if (last === undefined || passed < 0 || passed * SERIES.secondsPerSlot > HOLD_SECONDS) {
      this.#values = [value]
      return
    }
    if (passed === 0) this.#values.pop()
    for (let step = 1; step < passed; step += 1) this.#values.push(last)
    this.#values.push(value)
    this.#values = this.#values.slice(-SERIES.slots)
  }

  /** Oldest first; the newest is the last sample. */
  values(): number[] {
    return [...this.#values]
  }
}

import { SERIES, RateSeries } from '../../contract/deployments/series.ts'

/**
 * Remembers a value that moves up and down, in the time slots of `SERIES`: what it was at the
 * end of each full slot since the start, oldest first. Costs nothing while nothing changes.
 */
export class GaugeSeries {
  readonly #now: () => Date
  readonly #slots: number[] = []
  #slot: number
  #value = 0

  constructor(now: () => Date) {
    this.#now = now
    this.#slot = this.#slotNumber()
  }

  #slotNumber(): number {
    return Math.floor(this.#now().getTime() / 1000 / SERIES.secondsPerSlot)
  }

  #advance(): void {
    const slot = this.#slotNumber()
    const passed = Math.min(Math.max(slot - this.#slot, 0), SERIES.slots)
    for (let step = 0; step < passed; step += 1) this.#slots.push(this.#value)
    this.#slots.splice(0, this.#slots.length - SERIES.slots)
    this.#slot = Math.max(slot, this.#slot)
  }

  set(value: number): void {
    this.#advance()
    this.#value = value
  }

  get current(): number {
    return this.#value
  }

  values(): number[] {
    this.#advance()
    return [...this.#slots]
  }
}

/** What a deployment's charts are drawn from; a broker feeds it as things happen. */
export type BrokerHistory = {
  /** Sessions that count against the limit, disconnected persistent ones included. */
  sessions: GaugeSeries
  subscriptions: GaugeSeries
  /** Messages published, by clients and through the API. */
  messagesIn: RateSeries
  /** Messages handed to subscribers, one for each subscriber. */
  messagesOut: RateSeries
}

/** The history of a broker that starts now. */
export function newBrokerHistory(now: () => Date): BrokerHistory {
  return {
    sessions: new GaugeSeries(now),
    subscriptions: new GaugeSeries(now),
    messagesIn: new RateSeries(now),
    messagesOut: new RateSeries(now),
  }
}

import { delayAfter, type Limit } from './policy.ts'

const ENTRIES_MAX = 10_000

/** Times are in milliseconds since 1970. */
type Entry = { failures: number; lastAt: number; delayedUntil: number }

/**
 * Counts failures under keys in bounded memory. Entries that are delayed and entries with free
 * attempts left are in two maps, and each evicts those that were quiet for longest: a flood of
 * new keys can't evict a delayed one and so reset its backoff.
 */
export class AttemptTable {
  readonly #limit: Limit
  readonly #forgottenAfter: number
  readonly #free = new Map<string, Entry>()
  readonly #delayed = new Map<string, Entry>()

  constructor(limit: Limit, forgottenAfter: number) {
    this.#limit = limit
    this.#forgottenAfter = forgottenAfter
  }

  /** The number of entries. */
  get size(): number {
    return this.#free.size + this.#delayed.size
  }

  /** The milliseconds until the delay of a key ends; 0 where there is none. */
  delay(key: string, now: number): number {
    const entry = this.#delayed.get(key)
    // At most the longest delay, since the machine's clock may be set back.
    return entry ? Math.min(Math.max(0, entry.delayedUntil - now), this.#limit.maxDelay) : 0
  }

  /** Counts a failure. */
  add(key: string, now: number): void {
    const past = this.#take(key)
    const isForgotten = !past || now - past.lastAt >= this.#forgottenAfter
    const failures = isForgotten ? 1 : past.failures + 1
    const delayedUntil = now + delayAfter(failures, this.#limit)
    this.#set(key, { failures, lastAt: now, delayedUntil })
  }

  /** Delays a key by so many milliseconds, for what other servers counted. */
  setDelay(key: string, now: number, delay: number): void {
    const failures = this.#take(key)?.failures ?? 0
    this.#set(key, { failures, lastAt: now, delayedUntil: now + delay })
  }

  /** Removes an entry, even if it is set again: a map keeps the order of insertion. */
  #take(key: string): Entry | undefined {
    const entry = this.#free.get(key) ?? this.#delayed.get(key)
    this.#free.delete(key)
    this.#delayed.delete(key)
    return entry
  }

  #set(key: string, entry: Entry): void {
    const entries = entry.delayedUntil > entry.lastAt ? this.#delayed : this.#free
    entries.set(key, entry)
    if (entries.size > ENTRIES_MAX) evictOldest(entries)
  }
}

// Many at once: finding the first entry of a map is slow after many deletions before it.
function evictOldest(entries: Map<string, Entry>): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES_MAX * 0.9) return
    entries.delete(oldest)
  }
}

import { AttemptTable } from './attempt-table.ts'
import { KEY_POLICY, longest, type LimiterKeys } from './policy.ts'
import type { StoredLimiter } from './stored-limiter.ts'

/** The tarpit: by how many milliseconds the answer to a rate-limited caller is held back. */
export const TARPIT_DELAY_MS = 500

// With more than this under way each server counts for itself, so that a flood can't overload
// the store.
const SHARED_COUNTS_MAX = 8

/**
 * The rate limit of failed authentications at the gateway: exponential backoff per deployment,
 * App ID and network, whether they exist or not, and per network over all App IDs, against
 * scanning.
 *
 * **It counts failures alone.** The gateway checks the secret first and admits a right one at any
 * time. Nobody can lock out a good client: neither one behind the same NAT, nor one that shares a
 * key with a client that still has the secret from before a rotation, nor one whose key was
 * enabled a moment ago. That gives nothing away: an App Secret has 238 random bits, which no rate
 * of guessing finds, and a 429 says no more than a 401. The limit saves load and noise, and the
 * tarpit keeps the connections of callers busy that ignore it.
 *
 * An attempt during a delay isn't counted, or a client that keeps trying an old secret would
 * never reach the end of the delay.
 *
 * Memory is bounded, to some 7 MB. One network can't fill the tables, since it is delayed itself
 * long before.
 */
export class FailedAuthLimiter {
  readonly #now: () => Date
  readonly #shared: Pick<StoredLimiter, 'count'> | undefined
  readonly #identities = new AttemptTable(KEY_POLICY.identity, KEY_POLICY.forgottenAfter)
  readonly #networks = new AttemptTable(KEY_POLICY.network, KEY_POLICY.forgottenAfter)
  #sharedCounts = 0

  /** @param shared counts what this server doesn't delay, together with other servers */
  constructor(now: () => Date, shared?: Pick<StoredLimiter, 'count'>) {
    this.#now = now
    this.#shared = shared
  }

  /**
   * Counts a failed authentication, unless it came during a delay.
   *
   * @returns how many milliseconds its caller has to wait; 0 if it was counted
   */
  async count(keys: LimiterKeys): Promise<number> {
    const now = this.#now().getTime()
    const identity = this.#identities.delay(keys.identity, now)
    const network = this.#networks.delay(keys.network, now)
    const delay = longest({ identity, network })
    if (delay > 0) return delay
    this.#identities.add(keys.identity, now)
    this.#networks.add(keys.network, now)
    return this.#shared ? this.#countShared(keys, this.#shared) : 0
  }

  async #countShared(keys: LimiterKeys, shared: Pick<StoredLimiter, 'count'>): Promise<number> {
    if (this.#sharedCounts >= SHARED_COUNTS_MAX) return 0
    this.#sharedCounts += 1
    try {
      const delays = await shared.count(keys)
      const now = this.#now().getTime()
      if (delays.identity > 0) this.#identities.setDelay(keys.identity, now, delays.identity)
      if (delays.network > 0) this.#networks.setDelay(keys.network, now, delays.network)
      return longest(delays)
    } finally {
      this.#sharedCounts -= 1
    }
  }

  /** The number of keys with failures in memory. */
  get size(): number {
    return this.#identities.size + this.#networks.size
  }
}

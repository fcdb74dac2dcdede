import type { Attempts, AttemptStore } from '../store/attempts/attempts.ts'
import {
  delayAfter,
  type Delays,
  type Limit,
  type LimiterKeys,
  type LimiterPolicy,
} from './policy.ts'

export type StoredLimiterPorts = {
  store: AttemptStore
  policy: LimiterPolicy
  /** A keyed hash (HMAC): people type secrets where a user name or an App ID belongs. */
  digest: (text: string) => string
  now: () => Date
}

/**
 * Rate-limits attempts by counts in the store, which all servers on it share and which outlive
 * them. Rejects when the store does.
 */
export class StoredLimiter {
  readonly #ports: StoredLimiterPorts

  constructor(ports: StoredLimiterPorts) {
    this.#ports = ports
  }

  /** Counts an attempt, unless it came during a delay; the delays are 0 if it was counted. */
  async count(keys: LimiterKeys): Promise<Delays> {
    const { store, policy, now } = this.#ports
    await store.prune(now().toISOString())
    const { identity, network } = this.#digests(keys)
    const [pastOfIdentity, pastOfNetwork] = await Promise.all([
      store.get(identity),
      store.get(network),
    ])
    const delays = {
      identity: this.#delay(pastOfIdentity, policy.identity),
      network: this.#delay(pastOfNetwork, policy.network),
    }
    if (delays.identity === 0 && delays.network === 0) {
      delays.identity = await this.#add(identity, policy.identity, pastOfIdentity)
    }
    if (delays.identity === 0 && delays.network === 0) {
      delays.network = await this.#add(network, policy.network, pastOfNetwork)
    }
    return delays
  }

  /** Takes back an attempt that turned out right, and the failures of its identity. */
  async forgive(keys: LimiterKeys): Promise<void> {
    const { identity, network } = this.#digests(keys)
    await this.#ports.store.remove(identity)
    // One alone: whoever has an account must not buy attempts at other people's with it.
    await this.#ports.store.decrement(network)
  }

  /** Counts one more; the delay to wait if other attempts got ahead of this one. */
  async #add(key: string, limit: Limit, read: Attempts | undefined): Promise<number> {
    const { store, policy, now } = this.#ports
    let past = read
    for (;;) {
      const time = now().getTime()
      const next = {
        failures: (past?.failures ?? 0) + 1,
        lastAt: new Date(time).toISOString(),
        expiresAt: new Date(time + policy.forgottenAfter).toISOString(),
      }
      if (await store.replace(key, past, next)) return 0
      past = await store.get(key)
      const delay = this.#delay(past, limit)
      if (delay > 0) return delay
    }
  }

  #delay(past: Attempts | undefined, limit: Limit): number {
    if (!past) return 0
    const delay = delayAfter(past.failures, limit)
    const elapsed = this.#ports.now().getTime() - Date.parse(past.lastAt)
    // The machine's clock may be set back.
    return Math.max(0, Math.min(delay, delay - elapsed))
  }

  #digests({ identity, network }: LimiterKeys): LimiterKeys {
    const { digest } = this.#ports
    return { identity: digest(`identity ${identity}`), network: digest(`network ${network}`) }
  }
}

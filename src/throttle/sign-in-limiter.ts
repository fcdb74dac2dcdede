import type { AttemptStore } from '../store/attempts/attempts.ts'
import { limiterKeys, longest, SIGN_IN_POLICY } from './policy.ts'
import { StoredLimiter, type StoredLimiterPorts } from './stored-limiter.ts'

/** The rate limit of sign-ins per user name and network, so that nobody locks out others. */
export type SignInLimiter = {
  /**
   * Counts a sign-in before anything is looked up for it, so that many at once aren't a way
   * around the limit.
   *
   * @returns the seconds to wait if it may not be made; it isn't counted then
   */
  count(name: string, address: string | null): Promise<number | undefined>
  /** Takes back what was counted: the sign-in succeeded. */
  forgive(name: string, address: string | null): Promise<void>
}

export function createSignInLimiter(
  store: AttemptStore,
  ports: Pick<StoredLimiterPorts, 'digest' | 'now'>,
): SignInLimiter {
  const limiter = new StoredLimiter({ ...ports, store, policy: SIGN_IN_POLICY })
  return {
    async count(name, address) {
      const delay = longest(await limiter.count(limiterKeys([name], address)))
      return delay > 0 ? Math.ceil(delay / 1000) : undefined
    },
    forgive: (name, address) => limiter.forgive(limiterKeys([name], address)),
  }
}

import { createHmac } from 'node:crypto'
import { addressBlock } from '../gateway/usage/address-block.ts'
import type { SignInGuesses, SignInGuessStore } from '../store/attempts/sign-in-attempts.ts'

/** How often something may be tried before each further try has to wait, in milliseconds. */
type Rule = { free: number; first: number; longest: number }

const SECOND = 1000
const MINUTE = 60 * SECOND

/** For one user name from one address: somebody else's guesses don't keep its owner out. */
const BY_NAME: Rule = { free: 5, first: SECOND, longest: 15 * MINUTE }
/** For one address, whatever the names: softer, since many people may share it. */
const BY_ADDRESS: Rule = { free: 50, first: SECOND, longest: MINUTE }
/** After this long without a try, they are forgotten. */
const FORGOTTEN_AFTER = 60 * MINUTE

/** Slows down guessing. Each wait is twice the one before. */
export type Throttle = {
  /**
   * Counts a try before anything is looked up for it, so that many at once are no way around.
   * Returns the seconds to wait where it may not be made; it isn't counted then.
   */
  count(name: string, address: string | null): Promise<number | undefined>
  /** Takes back what was counted: the try was right. */
  forgive(name: string, address: string | null): Promise<void>
}

export function createThrottle(
  guesses: SignInGuessStore,
  { secret, now }: { secret: Uint8Array; now: () => Date },
): Throttle {
  // Under a secret, because people type passwords into the field for the name.
  const keyOf = (...parts: string[]) =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')
  const keysOf = (name: string, address: string | null) => {
    const block = address === null ? '' : addressBlock(address)
    return { byName: keyOf('name', name, block), byAddress: keyOf('address', block) }
  }

  function waitOf(past: SignInGuesses | undefined, rule: Rule): number {
    if (!past) return 0
    const delay = delayAfter(past.failures, rule)
    // The machine's clock may be set back.
    return Math.min(delay, delay - (now().getTime() - Date.parse(past.lastAt)))
  }

  /** Counts one more; the milliseconds to wait where other tries got ahead of this one. */
  async function add(key: string, rule: Rule): Promise<number> {
    for (;;) {
      const past = await guesses.get(key)
      const wait = waitOf(past, rule)
      if (wait > 0) return wait
      const next = { failures: (past?.failures ?? 0) + 1, lastAt: now().toISOString() }
      if (await guesses.replace(key, past, next)) return 0
    }
  }

  return {
    async count(name, address) {
      await guesses.prune(new Date(now().getTime() - FORGOTTEN_AFTER).toISOString())
      const { byName, byAddress } = keysOf(name, address)
      let wait = Math.max(
        waitOf(await guesses.get(byName), BY_NAME),
        waitOf(await guesses.get(byAddress), BY_ADDRESS),
      )
      if (wait <= 0) wait = await add(byName, BY_NAME)
      if (wait <= 0) wait = await add(byAddress, BY_ADDRESS)
      return wait > 0 ? Math.ceil(wait / SECOND) : undefined
    },
    async forgive(name, address) {
      const { byName, byAddress } = keysOf(name, address)
      await guesses.clear(byName)
      // One back alone: who has an account must not buy guesses at others' with it.
      await guesses.lessen(byAddress)
    },
  }
}

function delayAfter(failures: number, { free, first, longest }: Rule): number {
  return failures < free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free, 30))
}

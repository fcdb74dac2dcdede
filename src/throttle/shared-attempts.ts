import type { CredentialGuessStore } from '../store/attempts/credential-attempts.ts'
import { FORGOTTEN_AFTER, FREE_GUESSES, waitAfter, type Guesser } from './failed-auth-limiter.ts'

/** What slows guessing down over all servers on one store. */
export type SharedGuesses = {
  /** Takes note of a wrong guess; how many milliseconds its caller has to wait. Never rejects. */
  waitsAfterGuess(guesser: Guesser): Promise<{ [Of in keyof Guesser]: number }>
}

export type SharedGuessesPorts = {
  store: CredentialGuessStore
  /** A digest under a secret of the servers': what is shown as an App ID may be a secret. */
  digest: (text: string) => string
  now: () => Date
  onError: (error: unknown) => void
}

// Beyond so many at once each server counts for itself, or a flood would keep the store busy.
const UNDER_WAY_MAX = 8
const NO_WAIT = { appId: 0, address: 0 }

/**
 * Counts in the store what the guard of one server lets pass, by the same rules. Asked about
 * wrong credentials alone.
 */
export function createSharedGuesses(ports: SharedGuessesPorts): SharedGuesses {
  const { store, digest, now, onError } = ports
  let underWay = 0

  async function count(text: string, free: number): Promise<number> {
    const guesser = digest(text)
    const time = now().getTime()
    const at = (milliseconds: number) => new Date(milliseconds).toISOString()
    const { guesses, waitUntil } = await store.add(guesser, at(time), at(time - FORGOTTEN_AFTER))
    const left = Date.parse(waitUntil) - time
    if (left > 0) return left
    const wait = waitAfter(guesses, free)
    if (wait > 0) await store.setWait(guesser, { guesses, waitUntil: at(time + wait) })
    return 0
  }

  return {
    async waitsAfterGuess({ appId, address }) {
      if (underWay >= UNDER_WAY_MAX) return NO_WAIT
      underWay += 1
      try {
        const [ofAppId, ofAddress] = await Promise.all([
          count(`appId ${appId}`, FREE_GUESSES.ofAppId),
          count(`address ${address}`, FREE_GUESSES.ofAddress),
        ])
        return { appId: ofAppId, address: ofAddress }
      } catch (error) {
        onError(error)
        return NO_WAIT
      } finally {
        underWay -= 1
      }
    },
  }
}

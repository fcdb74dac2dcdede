import { addressBlock } from '../gateway/usage/address-block.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

const FIRST_WAIT = SECOND
const LONGEST_WAIT = 5 * MINUTE
// Longer than any wait, so that sitting one out doesn't start the next from the beginning.
export const FORGOTTEN_AFTER = 15 * MINUTE

/** How many wrong guesses are free: for one App ID from one address, and for one address. */
export const FREE_GUESSES = { ofAppId: 10, ofAddress: 100 }

/** How late, in milliseconds, a caller that doesn't wait gets its refusals. */
export const HELD_REFUSAL = 500

const TRAILS_MAX = 10_000

/** Whom a guess counts for: somebody at one App ID, and everybody of an address. */
export type Guesser = { appId: string; address: string }

/**
 * Who guesses.
 *
 * @param address null where the host knows none; then all share one
 */
export function guesserOf(deploymentId: string, appId: string, address: string | null): Guesser {
  const block = address === null ? '' : addressBlock(address)
  // Neither a target nor an App ID holds a line break.
  return { appId: `${deploymentId}\n${appId}\n${block}`, address: block }
}

/** The milliseconds to wait after so many guesses, of which some are free. */
export function waitAfter(guesses: number, free: number): number {
  const over = guesses - free
  return over < 0 ? 0 : Math.min(FIRST_WAIT * 2 ** over, LONGEST_WAIT)
}

/** What is remembered of one guesser. Times are in milliseconds since 1970. */
type Trail = { guesses: number; lastAt: number; waitUntil: number }

/**
 * Slows down callers that guess: after some free wrong guesses each further one costs a wait,
 * twice as long each time. Quiet for a while, and all is forgotten.
 *
 * **It is asked about refusals alone.** The gateway checks the secret first and lets a right
 * one in whatever came before, so that nobody can lock out a good client: not one that shares
 * an address with a guesser (a NAT, a proxy), not one whose other half still sends the secret
 * from before a rotation, not a key that was enabled again a moment ago. That gives nothing
 * away: an App Secret holds 238 random bits, which no rate of guessing finds, and a 429 tells
 * no more than a 401. What the guard saves is load and noise: whoever goes on without
 * waiting gets each answer late, so that its connections are busy and the server isn't.
 *
 * The waits count per deployment, App ID and address, whether they exist or not, and per
 * address over all App IDs, against scanning. A guess during a wait isn't counted, or a client
 * that keeps trying with an old secret would never see the end of it.
 *
 * Memory is bounded. Those with free guesses left and those that are slowed down are kept
 * apart, and the ones quiet for longest make room: no flood of first guesses pushes a slowed
 * one out. One address can't fill either, since it is slowed down itself long before.
 */
export class GuessGuard {
  readonly #now: () => Date
  readonly #appIds = new Trails(FREE_GUESSES.ofAppId)
  readonly #addresses = new Trails(FREE_GUESSES.ofAddress)

  constructor(now: () => Date) {
    this.#now = now
  }

  /**
   * Takes note of a wrong guess.
   *
   * @param address null where the host knows none; then all share one
   * @returns how many milliseconds its caller has to wait; 0 for a guess that is free
   */
  waitAfterGuess(deploymentId: string, appId: string, address: string | null): number {
    const now = this.#now().getTime()
    const guesser = guesserOf(deploymentId, appId, address)
    const wait = Math.max(
      this.#appIds.wait(guesser.appId, now),
      this.#addresses.wait(guesser.address, now),
    )
    if (wait === 0) {
      this.#appIds.add(guesser.appId, now)
      this.#addresses.add(guesser.address, now)
    }
    return wait
  }

  /** Has a guesser wait so many milliseconds for what it did elsewhere. */
  hold({ appId, address }: Guesser, waits: { [Of in keyof Guesser]: number }): void {
    const now = this.#now().getTime()
    if (waits.appId > 0) this.#appIds.hold(appId, now, waits.appId)
    if (waits.address > 0) this.#addresses.hold(address, now, waits.address)
  }

  /** How many guessers are remembered. */
  get size(): number {
    return this.#appIds.size + this.#addresses.size
  }
}

class Trails {
  readonly #free: number
  readonly #young = new Map<string, Trail>()
  readonly #slowed = new Map<string, Trail>()

  constructor(free: number) {
    this.#free = free
  }

  get size(): number {
    return this.#young.size + this.#slowed.size
  }

  wait(guesser: string, now: number): number {
    const trail = this.#slowed.get(guesser)
    // The machine's clock may be set back.
    return trail ? Math.min(Math.max(0, trail.waitUntil - now), LONGEST_WAIT) : 0
  }

  add(guesser: string, now: number): void {
    const past = this.#young.get(guesser) ?? this.#slowed.get(guesser)
    // Deleted even where it goes back: a map keeps the order in which entries came.
    this.#young.delete(guesser)
    this.#slowed.delete(guesser)
    const guesses = (past && !isForgotten(past, now) ? past.guesses : 0) + 1
    this.#set(guesser, { guesses, lastAt: now, waitUntil: now + waitAfter(guesses, this.#free) })
  }

  hold(guesser: string, now: number, wait: number): void {
    const guesses = (this.#young.get(guesser) ?? this.#slowed.get(guesser))?.guesses ?? 0
    this.#young.delete(guesser)
    this.#slowed.delete(guesser)
    this.#set(guesser, { guesses, lastAt: now, waitUntil: now + wait })
  }

  #set(guesser: string, trail: Trail): void {
    const trails = trail.waitUntil > trail.lastAt ? this.#slowed : this.#young
    trails.set(guesser, trail)
    if (trails.size > TRAILS_MAX) makeRoom(trails)
  }
}

// Many at once: a map takes long to find its first entry where many before it were deleted.
function makeRoom(trails: Map<string, Trail>): void {
  for (const oldest of trails.keys()) {
    if (trails.size <= TRAILS_MAX * 0.9) return
    trails.delete(oldest)
  }
}

function isForgotten({ lastAt }: Trail, now: number): boolean {
  return now - lastAt >= FORGOTTEN_AFTER
}

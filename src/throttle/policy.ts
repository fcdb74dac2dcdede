import { networkKey } from '../contract/network/ip-addresses.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** How often authentication may fail under one key before exponential backoff; milliseconds. */
export type Limit = { free: number; firstDelay: number; maxDelay: number }

/** The limits of one kind of authentication, and after how many quiet milliseconds they reset. */
export type LimiterPolicy = { identity: Limit; network: Limit; forgottenAfter: number }

/** Under what an attempt counts: one identity from one network, and the network as a whole. */
export type LimiterKeys = { identity: string; network: string }

/** The milliseconds until the next attempt counts under each key; 0 where there is no delay. */
export type Delays = { [Key in keyof LimiterKeys]: number }

export const NO_DELAY: Readonly<Delays> = { identity: 0, network: 0 }

/** For API keys at the gateway. */
export const KEY_POLICY: LimiterPolicy = {
  identity: { free: 10, firstDelay: SECOND, maxDelay: 5 * MINUTE },
  network: { free: 100, firstDelay: SECOND, maxDelay: 5 * MINUTE },
  // Longer than any delay, so that waiting for its end doesn't reset the backoff.
  forgottenAfter: 15 * MINUTE,
}

/** For passwords. Many people may share a network, so its delays end sooner. */
export const SIGN_IN_POLICY: LimiterPolicy = {
  identity: { free: 5, firstDelay: SECOND, maxDelay: 15 * MINUTE },
  network: { free: 50, firstDelay: SECOND, maxDelay: MINUTE },
  forgottenAfter: 60 * MINUTE,
}

/**
 * Builds the limiter keys of an attempt.
 *
 * @param identity what the caller claims to be: a deployment and App ID, or a user name
 * @param address null if the host doesn't know it; all such callers share one network
 */
export function limiterKeys(identity: readonly string[], address: string | null): LimiterKeys {
  const network = address === null ? '' : networkKey(address)
  // As JSON, so that no identity can contain the separator and pass for another.
  return { identity: JSON.stringify([...identity, network]), network }
}

/** Exponential backoff: the milliseconds to wait after so many failures. */
export function delayAfter(failures: number, { free, firstDelay, maxDelay }: Limit): number {
  return failures < free ? 0 : Math.min(firstDelay * 2 ** (failures - free), maxDelay)
}

/** The longer of two delays: an attempt has to wait for both. */
export function longest({ identity, network }: Delays): number {
  return Math.max(identity, network)
}

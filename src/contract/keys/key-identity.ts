/** What the HTTP Basic credentials of a deployment key prove (RFC 7617). */
export type KeyIdentity =
  | { outcome: 'known'; deploymentId: string; appId: string }
  /** Missing, malformed, unknown, wrong, disabled or expired: no response tells which. */
  | { outcome: 'badCredentials' }
  /** The secret is right, but the key may not be used from this address. */
  | { outcome: 'addressNotAllowed'; address: string | null }
  /** Failed again before the delay of so many milliseconds was over. */
  | { outcome: 'rateLimited'; delay: number }

/** The `WWW-Authenticate` header of a 401 for deployment keys. */
export const KEY_CHALLENGE = 'Basic realm="Latchkey Deployment API", charset="UTF-8"'

/** The detail of the 401. */
export function badCredentialsText(which: 'key' | 'key of this deployment'): string {
  return `App ID or App Secret is missing, malformed or wrong. Send both of one ${which} by HTTP Basic.`
}

/** The detail of the 403 for an address that isn't among the key's allowed ones. */
export function addressNotAllowedText(address: string | null): string {
  const from = address ?? 'an unknown address'
  return `This key may not be used from ${from}. Call from one of its allowed addresses, or have this one added to them.`
}

/** The detail of the 429. */
export const RATE_LIMITED_TEXT =
  'Too many calls with a wrong App ID or App Secret came from this address. Correct them, or wait as long as Retry-After says; the right ones are let in at once.'

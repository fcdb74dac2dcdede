import type { HeaderBag } from '../contract/backend.ts'
import { APP_ID } from '../contract/keys/credentials.ts'
import type { KeyForCall, KeyRights, ShownCredentials } from '../store/keys/api-key-records.ts'
import { parseBasicCredentials } from './basic-credentials.ts'

/** What authenticating a key needs of the host. */
export type AuthenticateKeyPorts = {
  /** The current key of an App ID, in any deployment; a revocation takes effect at once. */
  findKey: (shown: ShownCredentials) => MaybePromise<KeyForCall | undefined>
  /** SHA-256 of a text's UTF-8 bytes in hex. */
  sha256: (text: string) => MaybePromise<string>
  now: () => Date
}

/** Awaited only if it is a promise: on the hot path even an await of a value costs time. */
type MaybePromise<Value> = Value | Promise<Value>

/** A key whose secret a call proved to have, and its permissions. */
export type AuthenticatedKey = {
  appId: string
  key: KeyForCall
  rights: KeyRights
  usedOldSecret: boolean
}

/** Failed credentials. The reason is recorded, but no response may show it. */
export type RefusedCredentials = {
  /** As it was sent. */
  appId: string
  /** The same for the record; empty unless it has the form of an App ID: it may be a secret. */
  recordedAppId: string
  reason: 'unknown' | 'wrongSecret' | 'disabled' | 'expired'
  /** The deployment of the key that was found, if any. */
  deploymentId: string | null
}

export type Authentication =
  | { authenticated: AuthenticatedKey }
  | { refused: RefusedCredentials }
  | 'noCredentials'

/** Authenticates a key of one deployment, or of any deployment if none is given. */
export type AuthenticateKey = (
  deploymentId: string | null,
  headers: HeaderBag,
) => Promise<Authentication>

/**
 * Authenticates keys by HTTP Basic credentials, and resists timing attacks. An unknown App ID, one
 * of another deployment, a wrong secret, one that was rotated away, a disabled and an expired key,
 * in any combination, are refused after the same work: all checks are made before any counts.
 * The store takes longer to return a key than to find none, so every refusal makes both reads, at
 * two places of the store: after an App ID that exists, the last one that didn't, and vice versa.
 */
export function createKeyAuthenticator(ports: AuthenticateKeyPorts): AuthenticateKey {
  const { findKey, sha256, now } = ports
  let [lastFound, lastMissed] = [NOBODY, NOBODY]

  return async (deploymentId, { authorization }) => {
    if (typeof authorization !== 'string') return 'noCredentials'
    const credentials = parseBasicCredentials(authorization)
    if (!credentials) return 'noCredentials'
    const { appId, appSecret } = credentials
    const hashed = sha256(appSecret)
    const secretHash = typeof hashed === 'string' ? hashed : await hashed
    const time = now().getTime()
    const shown = { appId, secretHash, deploymentId, time }
    const finding = findKey(shown)
    const found = finding instanceof Promise ? await finding : finding
    const key = found ?? NO_KEY
    const { oldSecret } = key
    // Not by `&&`, which would skip the remaining checks after a failed one.
    const isHere = Number(key.deploymentId === (deploymentId ?? key.deploymentId))
    const isSecret = Number(equalInConstantTime(secretHash, key.secretHash))
    const isOldSecret =
      Number(equalInConstantTime(secretHash, oldSecret.hash)) & Number(time < oldSecret.endsAt)
    const isEnabled = Number(!key.disabled)
    const isInTime = Number(time < key.expiresAt)
    const isGood = isHere & (isSecret | isOldSecret) & isEnabled & isInTime
    if (found && isGood === 1) {
      const { rights } = found
      // The store makes the same checks by the same clock, and returns rights if all pass.
      if (!rights) throw new Error('good credentials came without rights')
      lastFound = appId
      return { authenticated: { appId, key: found, rights, usedOldSecret: isSecret === 0 } }
    }
    // With a hash that no key has, so that no cache can shorten this read.
    await findKey({ ...shown, secretHash: NO_HASH, appId: found ? lastMissed : lastFound })
    if (found) lastFound = appId
    else lastMissed = appId
    const isKnown = Number(found !== undefined) & isHere
    const hasForm = APP_ID.test(appId) || isKnown === 1
    // The index of the first check that failed.
    const passed = isKnown * (1 + (isSecret | isOldSecret) * (1 + isEnabled))
    return {
      refused: {
        appId,
        recordedAppId: hasForm ? appId : '',
        reason: reasons[passed] ?? 'unknown',
        deploymentId: found?.deploymentId ?? null,
      },
    }
  }
}

const reasons = ['unknown', 'wrongSecret', 'disabled', 'expired'] as const

// No App ID has a colon.
const NOBODY = ':'

// No target has this deployment, and no secret hashes to this.
const NO_HASH = '0'.repeat(64)
const NO_KEY = {
  deploymentId: '',
  secretHash: NO_HASH,
  oldSecret: { hash: NO_HASH, endsAt: 0 },
  disabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
}

/** Takes the same time wherever two texts differ, against timing attacks. */
function equalInConstantTime(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}

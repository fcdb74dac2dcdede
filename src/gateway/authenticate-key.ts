import type { HeaderBag } from '../contract/http/backend.ts'
import { APP_ID } from '../contract/keys/credentials.ts'
import type { KeyForCall, KeyRights, ShownCredentials } from '../store/keys/api-key-records.ts'
import { parseBasicCredentials } from './basic-credentials.ts'

/** What identifying callers needs of the host. */
export type IdentifyPorts = {
  /** A key of whichever deployment, as it is stored now, so that a revocation holds at once. */
  findKey: (shown: ShownCredentials) => MaybePromise<KeyForCall | undefined>
  /** SHA-256 of a text's UTF-8 bytes in hex. */
  sha256: (text: string) => MaybePromise<string>
  now: () => Date
}

/** Waiting for what is there already takes time as well. */
type MaybePromise<Value> = Value | Promise<Value>

/** Whose right secret a call carries, and what that key may do. */
export type Caller = { appId: string; key: KeyForCall; rights: KeyRights; withOldSecret: boolean }

/** Credentials that open nothing. Why is for the record alone: no answer may tell. */
export type RefusedCredentials = {
  /** As it was sent. */
  appId: string
  /** The same for the record; empty where it hasn't the form of one and may be a secret. */
  recordedAppId: string
  reason: 'unknown' | 'wrongSecret' | 'disabled' | 'expired'
  /** Of the key that was found, if any. */
  deploymentId: string | null
}

/** Who calls, or what was sent instead of good credentials. */
export type Identity = { caller: Caller } | { refused: RefusedCredentials } | 'noCredentials'

/** Finds out who calls a deployment, or only who calls where none is given. */
export type Identify = (deploymentId: string | null, headers: HeaderBag) => Promise<Identity>

/**
 * Finds out who calls. An unknown App ID, one of another deployment, a wrong secret, one that
 * was rotated away, a disabled and an expired key are refused after the same work, in whatever
 * combination, so that the time of a refusal tells nothing. All checks are made before any
 * counts. And since the store is quicker to say that there is no key than to give one, a
 * refusal makes both reads, at two places of the store: after a key that is found the App ID that
 * wasn't last time, and the other way round.
 */
export function createIdentify({ findKey, sha256, now }: IdentifyPorts): Identify {
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
    // Not by `&&`, which would leave out what follows a failed check.
    const isHere = Number(key.deploymentId === (deploymentId ?? key.deploymentId))
    const isSecret = Number(equalInConstantTime(secretHash, key.secretHash))
    const isOldSecret =
      Number(equalInConstantTime(secretHash, oldSecret.hash)) & Number(time < oldSecret.endsAt)
    const isEnabled = Number(!key.disabled)
    const isInTime = Number(time < key.expiresAt)
    const isGood = isHere & (isSecret | isOldSecret) & isEnabled & isInTime
    if (found && isGood === 1) {
      // The store finds them good as well, by the same clock, or else the call fails.
      if (!found.rights) throw new Error('good credentials came without rights')
      lastFound = appId
      return { caller: { appId, key: found, withOldSecret: isSecret === 0, rights: found.rights } }
    }
    // With a secret that no key has: whatever was sent, nothing that is known of it shortens this.
    await findKey({ ...shown, secretHash: NO_HASH, appId: found ? lastMissed : lastFound })
    if (found) lastFound = appId
    else lastMissed = appId
    const isKnown = Number(found !== undefined) & isHere
    const hasForm = APP_ID.test(appId) || isKnown === 1
    // The first check that failed.
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

function equalInConstantTime(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}

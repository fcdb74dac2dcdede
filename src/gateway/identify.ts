import type { Access } from '../contract/access/access.ts'
import type { HeaderBag } from '../contract/backend.ts'
import type { KeyForCall } from '../store/api-key-records.ts'
import { parseBasicCredentials } from './basic-credentials.ts'

/** What identifying callers needs of the host. */
export type IdentifyPorts = {
  /** A key of whichever deployment, read anew each time so that a revocation holds at once. */
  findKey: (appId: string) => Promise<KeyForCall | undefined>
  /** SHA-256 of a text's UTF-8 bytes. */
  sha256: (text: string) => Uint8Array | Promise<Uint8Array>
  now: () => Date
}

/** Whose right secret a call carries, and what that key may do. */
export type Caller = { appId: string; key: KeyForCall; access: Access }

/** Who calls; or which App ID was sent with what doesn't open it, or nothing readable. */
export type Identity = { caller: Caller } | { refusedAppId: string } | 'noCredentials'

export type Identify = (deploymentId: string, headers: HeaderBag) => Promise<Identity>

/**
 * Finds out who calls. An unknown App ID, one of another deployment, a wrong secret, a
 * disabled and an expired key are refused after the same work, in whatever combination, so
 * that the time of a refusal tells nothing. All checks are made before any counts. And since
 * the store is quicker to say that there is no key than to give one, a refusal makes both
 * reads: of a key that is found another one that isn't, and the other way round.
 */
export function createIdentify({ findKey, sha256, now }: IdentifyPorts): Identify {
  let lastFound = NOBODY

  return async (deploymentId, { authorization }) => {
    if (typeof authorization !== 'string') return 'noCredentials'
    const credentials = parseBasicCredentials(authorization)
    if (!credentials) return 'noCredentials'
    const { appId, appSecret } = credentials
    const found = await findKey(appId)
    const secretHash = await sha256(appSecret)
    if (found) lastFound = appId
    const key = found ?? NO_KEY
    // Not by `&&`, which would leave out what follows a failed check.
    const isGood =
      Number(equalInConstantTime(secretHash, key.secretHash)) &
      Number(key.deploymentId === deploymentId) &
      Number(!key.disabled) &
      Number(now().getTime() < Date.parse(key.expiresAt ?? NEVER))
    const access = found && isGood === 1 ? await found.access() : undefined
    if (found && access) return { caller: { appId, key: found, access } }
    await findKey(found ? NOBODY : lastFound)
    return { refusedAppId: appId }
  }
}

// No App ID has a colon.
const NOBODY = ':'
const NEVER = '9999-12-31T23:59:59.999Z'

// No target has this deployment, and no secret hashes to this.
const NO_KEY = {
  deploymentId: '',
  secretHash: new Uint8Array(32),
  disabled: false,
  expiresAt: null,
}

function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) difference |= (one[at] ?? 0) ^ (other[at] ?? 0)
  return difference === 0
}

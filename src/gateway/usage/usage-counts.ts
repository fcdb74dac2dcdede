import type { Refusals, UsageBatch, UsageOutcome } from '../../store/usage/usage-batch.ts'

/** A call of an authenticated key, once it was answered. */
export type RecordedCall = {
  at: Date
  appId: string
  /** Empty if the call was for no operation of the plan. */
  operation: string
  outcome: UsageOutcome
  address: string | null
  /** The hash of the secret from before a rotation, if the call used it. */
  oldSecretHash: string | null
  /** Which restriction of the key a 403 was for; null for every other call. */
  deniedReason: RefusedCallRow['reason'] | null
}

/** Credentials that failed to authenticate. */
export type RecordedCredentials = {
  /** Null for no known deployment; such credentials aren't written. */
  deploymentId: string | null
  appId: string
  reason: RefusedCredentialsRow['reason']
  address: string | null
}

type RefusedCallRow = UsageBatch['refusedCalls'][number]
type RefusedCredentialsRow = UsageBatch['refusedCredentials'][number]

const HOUR = 3_600_000

// More than a server can get between two writes, so it is reached only if writes fail.
const ROWS_MAX = 300_000
// Per deployment, since callers can make up credentials. The oldest are evicted, many at once.
const REFUSED_CREDENTIALS = { most: 250, kept: 200 }

// Times are milliseconds since 1970: formatting one takes as long as counting a call.
type Count = { calls: number; lastAt: number }
type CallCount = Count & {
  outcome: UsageOutcome
  /** When its hour began. */
  hour: number
  lastAddress: string | null
}

/** What was counted of one key. */
export class KeyCounts {
  /** By operation, then one for each outcome and hour, of which there are few. */
  readonly calls = new Map<string, CallCount[]>()
  /** When each old secret was last used, by its hash. */
  readonly oldSecretUses = new Map<string, number>()
  readonly addresses = new Map<string, Count>()
  /** By operation and reason. */
  readonly refusedCalls = new Map<string, RefusedCallRow>()
}

/** Counts calls and failed credentials between two writes, in bounded memory. */
export class UsageCounts {
  /** Calls that weren't counted for want of room. */
  dropped = 0
  readonly keys = new Map<string, KeyCounts>()
  /** By deployment, then by App ID and reason. */
  readonly refusedCredentials = new Map<string | null, Map<string, RefusedCredentialsRow>>()
  #rows = 0

  addCall(call: RecordedCall): void {
    const { appId, operation, outcome, address, oldSecretHash, deniedReason } = call
    if (this.#rows >= ROWS_MAX) {
      this.dropped += 1
      return
    }
    const key = this.#countsFor(appId)
    const at = call.at.getTime()
    const hour = at - (at % HOUR)
    let counts = key.calls.get(operation)
    if (!counts) key.calls.set(operation, (counts = []))
    const count = counts.find((one) => one.outcome === outcome && one.hour === hour)
    if (count) {
      if (at >= count.lastAt) count.lastAddress = address
      increment(count, at)
    } else {
      counts.push({ outcome, hour, calls: 1, lastAt: at, lastAddress: address })
      this.#rows += 1
    }
    if (outcome === 'allowed') {
      if (oldSecretHash !== null) this.#addOldSecretUse(key, oldSecretHash, at)
      if (address !== null) this.#addAddress(key, address, at)
    } else if (deniedReason && operation !== '') {
      const kind = `${operation}\n${deniedReason}`
      const refused = key.refusedCalls.get(kind)
      if (refused) incrementRefusals(refused, timestamp(at), address)
      else {
        const first = firstRefusal(timestamp(at), address)
        key.refusedCalls.set(kind, { appId, operation, reason: deniedReason, ...first })
        this.#rows += 1
      }
    }
  }

  /** Takes the same work whatever the reason, like the 401 itself, against timing attacks. */
  addRefusedCredentials(credentials: RecordedCredentials, at: string): void {
    const { deploymentId, appId, reason, address } = credentials
    let refused = this.refusedCredentials.get(deploymentId)
    if (!refused) this.refusedCredentials.set(deploymentId, (refused = new Map()))
    const kind = `${appId}\n${reason}`
    const row = refused.get(kind)
    if (row) {
      incrementRefusals(row, at, address)
      // Moved to the end, so that the least recent come first.
      refused.delete(kind)
      refused.set(kind, row)
      return
    }
    const first = firstRefusal(at, address)
    refused.set(kind, { deploymentId: deploymentId ?? '', appId, reason, ...first })
    if (refused.size > REFUSED_CREDENTIALS.most) evictOldest(refused, REFUSED_CREDENTIALS.kept)
  }

  #countsFor(appId: string): KeyCounts {
    let key = this.keys.get(appId)
    if (!key) this.keys.set(appId, (key = new KeyCounts()))
    return key
  }

  #addOldSecretUse(key: KeyCounts, hash: string, at: number): void {
    const before = key.oldSecretUses.get(hash)
    if (before === undefined) this.#rows += 1
    key.oldSecretUses.set(hash, Math.max(at, before ?? 0))
  }

  #addAddress(key: KeyCounts, address: string, at: number): void {
    const count = key.addresses.get(address)
    if (count) increment(count, at)
    else {
      key.addresses.set(address, { calls: 1, lastAt: at })
      this.#rows += 1
    }
  }
}

/** Milliseconds since 1970 as RFC 3339 UTC text. */
export function timestamp(at: number): string {
  return new Date(at).toISOString()
}

function increment(count: Count, at: number): void {
  count.calls += 1
  // The machine's clock may be set back.
  if (at > count.lastAt) count.lastAt = at
}

function firstRefusal(at: string, address: string | null): Refusals {
  return { calls: 1, firstAt: at, lastAt: at, lastAddress: address }
}

function incrementRefusals(refusals: Refusals, at: string, address: string | null): void {
  refusals.calls += 1
  if (at < refusals.lastAt) return
  refusals.lastAt = at
  refusals.lastAddress = address
}

function evictOldest(rows: Map<string, unknown>, kept: number): void {
  for (const oldest of rows.keys()) {
    if (rows.size <= kept) return
    rows.delete(oldest)
  }
}

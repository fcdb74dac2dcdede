import type { Refusals, UsageBatch, UsageOutcome } from '../store/usage.ts'

/** What a recorder needs of its host. */
export type UsageRecorderPorts = {
  now: () => Date
  /** Stores all of a batch, or rejects with nothing of it stored. */
  write: (batch: UsageBatch) => Promise<void>
  /** Told when calls had to be left out of the record. */
  onError: (error: unknown) => void
}

/** A call of a known key, as it was answered. */
export type RecordedCall = {
  appId: string
  /** Empty where it was for no operation of the plan. */
  operation: string
  outcome: UsageOutcome
  address: string | null
  withOldSecret: boolean
  /** What of the key a 403 was for; null for every other call. */
  lacks: RefusedCallRow['reason'] | null
}

/** Credentials that opened nothing. */
export type RecordedCredentials = {
  /** Null where it is no deployment's; that is counted nowhere. */
  deploymentId: string | null
  appId: string
  reason: RefusedCredentialsRow['reason']
  address: string | null
}

type CallRow = UsageBatch['calls'][number]
type LastUseRow = UsageBatch['lastUses'][number]
type AddressRow = UsageBatch['addresses'][number]
type RefusedCallRow = UsageBatch['refusedCalls'][number]
type RefusedCredentialsRow = UsageBatch['refusedCredentials'][number]

const HOUR = 3_600_000

// More than a server can be sent between two writes, so it is only reached when writing fails.
const ROWS_MAX = 100_000
// Of one deployment; anybody can make them up. Those of longest ago make room, many at once.
const REFUSED_CREDENTIALS = { most: 250, kept: 200 }
// Of each kind. A transaction of many more would keep calls waiting.
const ROWS_PER_BATCH = 200

/** Sums since the last write; the keys of a map are what its rows are told apart by. */
class Sums {
  rows = 0
  leftOut = 0
  readonly calls = new Map<string, CallRow>()
  readonly lastUses = new Map<string, LastUseRow>()
  readonly addresses = new Map<string, AddressRow>()
  readonly refusedCalls = new Map<string, RefusedCallRow>()
  readonly refusedCredentials = new Map<string | null, Map<string, RefusedCredentialsRow>>()

  /** Whether there is room for so many more rows; what finds none is left out whole. */
  hasRoom(): boolean {
    if (this.rows < ROWS_MAX) return true
    this.leftOut += 1
    return false
  }
}

/**
 * Sums up in memory what the gateway answers, so that no call waits for a write; its host has
 * it written every few seconds. Nothing is lost or counted twice when a write fails: what was
 * not written is kept as it is and tried again first, while calls go on in new sums. Memory is
 * bounded: where the store takes nothing for long, calls are left out, and that is told.
 */
export class UsageRecorder {
  readonly #ports: UsageRecorderPorts
  #sums = new Sums()
  #unwritten: UsageBatch[] = []
  #lastFlush: Promise<void> = Promise.resolve()

  constructor(ports: UsageRecorderPorts) {
    this.#ports = ports
  }

  recordCall({ appId, operation, outcome, address, withOldSecret, lacks }: RecordedCall): void {
    const sums = this.#sums
    if (!sums.hasRoom()) return
    const now = this.#ports.now()
    const at = now.toISOString()
    // Neither an App ID nor an operation holds a line break.
    const hour = Math.floor(now.getTime() / HOUR)
    const callKey = `${appId}\n${operation}\n${outcome}\n${hour}`
    const row = sums.calls.get(callKey)
    if (row) {
      row.calls += 1
      row.lastAt = later(row.lastAt, at)
    } else {
      const start = new Date(hour * HOUR).toISOString()
      sums.calls.set(callKey, { appId, operation, outcome, hour: start, calls: 1, lastAt: at })
      sums.rows += 1
    }
    if (outcome === 'allowed') this.#recordUse(appId, operation, at, address, withOldSecret)
    if (lacks && operation !== '') {
      const key = `${appId}\n${operation}\n${lacks}`
      const refused = sums.refusedCalls.get(key)
      if (refused) countRefusal(refused, at, address)
      else {
        const first = { appId, operation, reason: lacks, ...firstRefusal(at, address) }
        sums.refusedCalls.set(key, first)
        sums.rows += 1
      }
    }
  }

  #recordUse(
    appId: string,
    operation: string,
    at: string,
    address: string | null,
    withOldSecret: boolean,
  ): void {
    const sums = this.#sums
    const useKey = `${appId}\n${withOldSecret}`
    const lastUse = sums.lastUses.get(useKey)
    if (!lastUse) {
      sums.lastUses.set(useKey, { appId, at, operation, address, withOldSecret })
      sums.rows += 1
    } else if (at >= lastUse.at) {
      Object.assign(lastUse, { at, operation, address })
    }
    if (address === null) return
    const addressKey = `${appId}\n${address}`
    const from = sums.addresses.get(addressKey)
    if (from) {
      from.calls += 1
      from.lastAt = later(from.lastAt, at)
    } else {
      sums.addresses.set(addressKey, { appId, address, calls: 1, lastAt: at })
      sums.rows += 1
    }
  }

  /** Takes the same work whatever the reason, like the refusal itself. */
  recordRefusedCredentials({ deploymentId, appId, reason, address }: RecordedCredentials): void {
    const at = this.#ports.now().toISOString()
    const { refusedCredentials } = this.#sums
    let refused = refusedCredentials.get(deploymentId)
    if (!refused) refusedCredentials.set(deploymentId, (refused = new Map()))
    const key = `${appId}\n${reason}`
    const row = refused.get(key)
    if (row) {
      countRefusal(row, at, address)
      // To the end, so that the order is that of the last ones.
      refused.delete(key)
      refused.set(key, row)
      return
    }
    const first = firstRefusal(at, address)
    refused.set(key, { deploymentId: deploymentId ?? '', appId, reason, ...first })
    if (refused.size > REFUSED_CREDENTIALS.most) makeRoom(refused, REFUSED_CREDENTIALS.kept)
  }

  /**
   * Writes what was recorded until now. One runs after the other. Rejects where the store does;
   * what wasn't written comes first the next time.
   */
  flush(): Promise<void> {
    const flushed = this.#lastFlush.then(() => this.#write())
    this.#lastFlush = flushed.catch(() => {})
    return flushed
  }

  async #write(): Promise<void> {
    await this.#writeBatches()
    const sums = this.#sums
    this.#sums = new Sums()
    if (sums.leftOut > 0) {
      const message = `${sums.leftOut} calls are left out of the record of use: the store took none`
      this.#ports.onError(new Error(message))
    }
    this.#unwritten = batchesOf(sums)
    await this.#writeBatches()
  }

  async #writeBatches(): Promise<void> {
    for (let batch = this.#unwritten[0]; batch; batch = this.#unwritten[0]) {
      await this.#ports.write(batch)
      this.#unwritten.shift()
    }
  }
}

/** The machine's clock may be set back. */
function later(one: string, other: string): string {
  return other > one ? other : one
}

function firstRefusal(at: string, address: string | null): Refusals {
  return { calls: 1, firstAt: at, lastAt: at, lastAddress: address }
}

function countRefusal(refusals: Refusals, at: string, address: string | null): void {
  refusals.calls += 1
  if (at < refusals.lastAt) return
  refusals.lastAt = at
  refusals.lastAddress = address
}

function makeRoom(rows: Map<string, unknown>, kept: number): void {
  for (const oldest of rows.keys()) {
    if (rows.size <= kept) return
    rows.delete(oldest)
  }
}

function batchesOf(sums: Sums): UsageBatch[] {
  const rows = {
    calls: [...sums.calls.values()],
    lastUses: [...sums.lastUses.values()],
    addresses: [...sums.addresses.values()],
    refusedCalls: [...sums.refusedCalls.values()],
    refusedCredentials: [...sums.refusedCredentials]
      .filter(([deploymentId]) => deploymentId !== null)
      .flatMap(([, refused]) => [...refused.values()]),
  }
  const most = Math.max(...Object.values(rows).map(({ length }) => length))
  return Array.from({ length: Math.ceil(most / ROWS_PER_BATCH) }, (_, at) => {
    const slice = <Row>(all: readonly Row[]) =>
      all.slice(at * ROWS_PER_BATCH, (at + 1) * ROWS_PER_BATCH)
    return {
      calls: slice(rows.calls),
      lastUses: slice(rows.lastUses),
      addresses: slice(rows.addresses),
      refusedCalls: slice(rows.refusedCalls),
      refusedCredentials: slice(rows.refusedCredentials),
    }
  })
}

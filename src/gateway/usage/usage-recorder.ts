import type { Refusals, UsageBatch, UsageOutcome } from '../../store/usage/usage.ts'

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
  at: Date
  appId: string
  /** Empty where it was for no operation of the plan. */
  operation: string
  outcome: UsageOutcome
  address: string | null
  /** Of the secret from before a rotation, where it came with that. */
  oldSecretHash: string | null
  /** What of the key a 403 was for; null for every other call. */
  deniedReason: RefusedCallRow['reason'] | null
}

/** Credentials that opened nothing. */
export type RecordedCredentials = {
  /** Null where it is no deployment's; that is counted nowhere. */
  deploymentId: string | null
  appId: string
  reason: RefusedCredentialsRow['reason']
  address: string | null
}

type RefusedCallRow = UsageBatch['refusedCalls'][number]
type RefusedCredentialsRow = UsageBatch['refusedCredentials'][number]

const HOUR = 3_600_000

// More than a server can be sent between two writes, so it is only reached when writing fails.
const ROWS_MAX = 300_000
// Of one deployment; anybody can make them up. Those of longest ago make room, many at once.
const REFUSED_CREDENTIALS = { most: 250, kept: 200 }
// Of each kind. In a transaction of fewer, more of the store's pages are written again and again;
// one of many more would keep changes and, on SQLite, its whole process waiting.
const ROWS_PER_BATCH = 1000

// Times are milliseconds since 1970 here: to write one as text takes as long as to count a call.
type Counted = { calls: number; lastAt: number }
type CountedCalls = Counted & {
  outcome: UsageOutcome
  hour: number
  lastAddress: string | null
}

/** What was counted of one key. */
class KeySums {
  /** By operation; one for each outcome and hour, of which there are few. */
  readonly calls = new Map<string, CountedCalls[]>()
  /** By hash. */
  readonly oldSecretUses = new Map<string, number>()
  readonly addresses = new Map<string, Counted>()
  /** By operation and reason. */
  readonly refusedCalls = new Map<string, RefusedCallRow>()
}

/** Sums since the last write. */
class Sums {
  rows = 0
  leftOut = 0
  readonly keys = new Map<string, KeySums>()
  readonly refusedCredentials = new Map<string | null, Map<string, RefusedCredentialsRow>>()

  /** Whether there is room for so many more rows; what finds none is left out whole. */
  hasRoom(): boolean {
    if (this.rows < ROWS_MAX) return true
    this.leftOut += 1
    return false
  }

  ofKey(appId: string): KeySums {
    let key = this.keys.get(appId)
    if (!key) this.keys.set(appId, (key = new KeySums()))
    return key
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

  recordCall(call: RecordedCall): void {
    const { appId, operation, outcome, address, oldSecretHash, deniedReason } = call
    const sums = this.#sums
    if (!sums.hasRoom()) return
    const key = sums.ofKey(appId)
    const at = call.at.getTime()
    const hour = Math.floor(at / HOUR)
    let counted = key.calls.get(operation)
    if (!counted) key.calls.set(operation, (counted = []))
    const row = counted.find((one) => one.outcome === outcome && one.hour === hour)
    if (row) {
      if (at >= row.lastAt) row.lastAddress = address
      count(row, at)
    } else {
      counted.push({ outcome, hour, calls: 1, lastAt: at, lastAddress: address })
      sums.rows += 1
    }
    if (outcome === 'allowed') {
      if (oldSecretHash !== null) this.#recordUseOfOldSecret(key, oldSecretHash, at)
      if (address !== null) this.#recordAddress(key, address, at)
    } else if (deniedReason && operation !== '') {
      const refusal = `${operation}\n${deniedReason}`
      const refused = key.refusedCalls.get(refusal)
      if (refused) countRefusal(refused, textOf(at), address)
      else {
        const first = firstRefusal(textOf(at), address)
        key.refusedCalls.set(refusal, { appId, operation, reason: deniedReason, ...first })
        sums.rows += 1
      }
    }
  }

  #recordUseOfOldSecret(key: KeySums, hash: string, at: number): void {
    const before = key.oldSecretUses.get(hash)
    if (before === undefined) this.#sums.rows += 1
    key.oldSecretUses.set(hash, Math.max(at, before ?? 0))
  }

  #recordAddress(key: KeySums, address: string, at: number): void {
    const from = key.addresses.get(address)
    if (from) count(from, at)
    else {
      key.addresses.set(address, { calls: 1, lastAt: at })
      this.#sums.rows += 1
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

function count(counted: Counted, at: number): void {
  counted.calls += 1
  // The machine's clock may be set back.
  if (at > counted.lastAt) counted.lastAt = at
}

function textOf(at: number): string {
  return new Date(at).toISOString()
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
  // Those that lie beside each other in the store are written together.
  const keys = [...sums.keys].toSorted(([one], [other]) => (one < other ? -1 : 1))
  const rows = {
    calls: keys.flatMap(([appId, key]) => callRowsOf(appId, key)),
    oldSecretUses: keys.flatMap(([appId, { oldSecretUses }]) =>
      [...oldSecretUses].map(([secretHash, at]) => ({ appId, secretHash, at: textOf(at) })),
    ),
    addresses: keys.flatMap(([appId, { addresses }]) =>
      [...addresses].map(([address, { calls, lastAt }]) => {
        return { appId, address, calls, lastAt: textOf(lastAt) }
      }),
    ),
    refusedCalls: keys.flatMap(([, { refusedCalls }]) => [...refusedCalls.values()]),
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
      oldSecretUses: slice(rows.oldSecretUses),
      addresses: slice(rows.addresses),
      refusedCalls: slice(rows.refusedCalls),
      refusedCredentials: slice(rows.refusedCredentials),
    }
  })
}

function callRowsOf(appId: string, { calls: counted }: KeySums): UsageBatch['calls'] {
  return [...counted].flatMap(([operation, rows]) =>
    rows.map(({ outcome, hour, calls, lastAt, lastAddress }) => {
      const times = { hour: textOf(hour * HOUR), lastAt: textOf(lastAt) }
      return { appId, operation, outcome, calls, ...times, lastAddress }
    }),
  )
}

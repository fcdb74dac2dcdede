import { toHex } from '../../contract/bytes.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import type { UsageBatch } from '../../store/usage/usage-batch.ts'
import type { SampleKey } from './sample-key-factory.ts'
import { daysBefore } from './sample-people.ts'
import { hashToFraction, seededFractions } from './seeded.ts'
import type { Rhythm, SampleRefusal, UsagePattern } from './usage-pattern.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const RECORDED_DAYS = 89
// Older hours have been rolled up into days.
const HOURLY_DAYS = 7

/** Whether a key is used in the hour that starts at a time, in milliseconds since 1970. */
const isInUse: Record<Rhythm, (start: number, draw: () => number) => boolean> = {
  always: () => true,
  office: (start) => isWeekday(start) && hourOfDay(start) >= 6 && hourOfDay(start) < 18,
  nightly: (start) => hourOfDay(start) === 2,
  sometimes: (start, draw) => isWeekday(start) && draw() < 0.04,
  once: () => false,
}

const hourOfDay = (start: number) => (start / HOUR) % 24
// The first day of 1970 was a Thursday.
const isWeekday = (start: number) => ((Math.floor(start / DAY) + 4) % 7) % 6 !== 0

type UsedKey = SampleKey & { use: UsagePattern }
type Counted = UsageBatch['calls'][number]

/** Makes the usage records of these keys up to now. Deterministic for the same keys and time. */
export function makeSampleUsage(
  deployments: readonly { id: string; apiKeys: readonly SampleKey[] }[],
  now: Date,
): UsageBatch {
  const used = deployments
    .flatMap(({ apiKeys }) => apiKeys)
    .flatMap((apiKey) => (apiKey.use ? [{ ...apiKey, use: apiKey.use }] : []))
  const refusals = used.flatMap(({ appId, use }) =>
    (use.refused ?? []).map((refusal) => ({ appId, ...refusal })),
  )
  const allowed = used.map((apiKey) => ({ apiKey, calls: makeCalls(apiKey, now) }))
  return {
    calls: [
      ...allowed.flatMap(({ calls }) => calls),
      ...refusals.flatMap((refusal) => makeRefusedCalls(refusal, now)),
    ],
    // A sample key is created with the secret from before its rotation.
    oldSecretUses: used.flatMap(({ appId, secretHash, use: { oldSecretDaysAgo: days } }) =>
      days === undefined
        ? []
        : [{ appId, secretHash: toHex(secretHash), at: daysBefore(now, days) }],
    ),
    addresses: allowed.flatMap(({ apiKey, calls }) => makeAddresses(apiKey, calls, now)),
    refusedCalls: refusals.map(({ appId, operation, reason, ...refusal }) => ({
      appId,
      operation,
      reason,
      ...refusalTimes(refusal, now),
    })),
    refusedCredentials: deployments.flatMap(({ id, apiKeys }) =>
      makeRefusedCredentials(id, apiKeys, now),
    ),
  }
}

/** The first address made most of the calls, each further one a share of the rest. */
function makeAddresses(
  { appId, use: { addresses, lastDaysAgo } }: UsedKey,
  counted: readonly Counted[],
  now: Date,
): UsageBatch['addresses'] {
  let left = counted.reduce((sum, { calls }) => sum + calls, 0)
  return addresses.flatMap((address, index) => {
    const isLast = index === addresses.length - 1
    const calls = isLast
      ? left
      : Math.ceil(left * (0.6 + 0.3 * hashToFraction(`${appId}/${address}`)))
    left -= calls
    return calls === 0
      ? []
      : [{ appId, address, calls, lastAt: daysBefore(now, lastDaysAgo + index * 1.7) }]
  })
}

function operationsOf({ calls }: UsagePattern): OperationId[] {
  return Object.keys(calls).filter((id): id is OperationId => Object.hasOwn(calls, id))
}

/** Makes calls by hour, and by day where the store would have rolled them up. */
function makeCalls({ appId, use, createdAt }: UsedKey, now: Date): Counted[] {
  const lastAt = daysBefore(now, use.lastDaysAgo)
  const last = Math.floor(Date.parse(lastAt) / HOUR) * HOUR
  const firstDay = Math.floor(now.getTime() / DAY - RECORDED_DAYS) * DAY
  const firstHourly = Math.floor(now.getTime() / DAY - HOURLY_DAYS) * DAY
  const made = Math.ceil(Date.parse(createdAt ?? '') / HOUR || 0) * HOUR
  const begin = Math.max(firstDay, use.rhythm === 'once' ? last : made)
  const operations = operationsOf(use)
  const counted: Counted[] = []
  for (const operation of operations) {
    const perHour = use.calls[operation] ?? 0
    const draw = seededFractions(`${appId}/${operation}`)
    let end: number
    for (let start = begin; start <= last; start = end) {
      const nextDay = (Math.floor(start / DAY) + 1) * DAY
      end = start < firstHourly ? Math.min(nextDay, last + HOUR) : start + HOUR
      const hours = hoursInUse(use.rhythm, start, end, draw)
      // The last call of a key is one of its first operation.
      const isLast = end > last && operation === operations[0]
      const calls = Math.round(hours * perHour * (0.7 + 0.6 * draw()))
      const spread = Math.min(end - HOUR * 0.2, Date.parse(lastAt))
      if (calls === 0 && !isLast) continue
      counted.push({
        appId,
        operation,
        outcome: 'allowed',
        hour: new Date(start < firstHourly ? nextDay - DAY : start).toISOString(),
        calls: isLast ? Math.max(1, calls) : calls,
        lastAt: isLast ? lastAt : new Date(spread).toISOString(),
        lastAddress: use.addresses[0] ?? null,
      })
    }
  }
  return counted
}

function hoursInUse(rhythm: Rhythm, start: number, end: number, draw: () => number): number {
  let hours = 0
  for (let hour = start; hour < end; hour += HOUR) if (isInUse[rhythm](hour, draw)) hours += 1
  return hours
}

function makeRefusedCalls(
  { appId, operation, ...refusal }: SampleRefusal & { appId: string },
  now: Date,
) {
  const { calls, firstAt, lastAt } = refusalTimes(refusal, now)
  const outcome = 'refused' as const
  const hourOf = (at: string) => `${at.slice(0, 13)}:00:00.000Z`
  const row = (at: string, calls: number) => ({
    appId,
    operation,
    outcome,
    calls,
    hour: hourOf(at),
    lastAt: at,
    lastAddress: refusal.address,
  })
  if (hourOf(firstAt) === hourOf(lastAt)) return [row(lastAt, calls)]
  return [row(firstAt, calls >> 1), row(lastAt, calls - (calls >> 1))].filter(
    (one) => one.calls > 0,
  )
}

function refusalTimes(
  { calls, lastDaysAgo, address }: Pick<SampleRefusal, 'calls' | 'lastDaysAgo' | 'address'>,
  now: Date,
) {
  const firstAt = daysBefore(now, calls === 1 ? lastDaysAgo : lastDaysAgo + 0.4 + calls / 20)
  return { calls, firstAt, lastAt: daysBefore(now, lastDaysAgo), lastAddress: address }
}

/** A job with a disabled key, one with a mistyped secret, and an unknown App ID. */
function makeRefusedCredentials(
  deploymentId: string,
  apiKeys: readonly SampleKey[],
  now: Date,
): UsageBatch['refusedCredentials'] {
  const disabled = apiKeys.find((apiKey) => apiKey.disabled)
  const mistyped = apiKeys.find(({ use }) => use?.rhythm === 'nightly' && use.lastDaysAgo < 1)
  const row = (
    appId: string,
    reason: 'disabled' | 'wrongSecret' | 'unknown',
    calls: number,
    lastDaysAgo: number,
    address: string,
  ) => ({ deploymentId, appId, reason, ...refusalTimes({ calls, lastDaysAgo, address }, now) })
  const drawFor = (apiKey: SampleKey) => hashToFraction(`${apiKey.appId}/refused`)
  return [
    ...(disabled?.use
      ? [
          row(
            disabled.appId,
            'disabled',
            180 + Math.floor(50 * drawFor(disabled)),
            0.011,
            disabled.use.addresses[0] ?? '',
          ),
        ]
      : []),
    ...(mistyped
      ? [
          row(
            mistyped.appId,
            'wrongSecret',
            2 + Math.floor(4 * drawFor(mistyped)),
            4.21,
            '198.51.100.8',
          ),
        ]
      : []),
    row('k5f0d91c27ae', 'unknown', 41, 1.63, '203.0.113.77'),
  ]
}

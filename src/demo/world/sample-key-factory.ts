import type { Access } from '../../contract/access/access.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import { planRules, type Edition } from '../../contract/deployments/plans.ts'
import { newAppId, type RandomBytes } from '../../contract/keys/credentials.ts'
import type { UsedApiKey } from '../../store/keys/api-key-records.ts'
import { plainKeyTemplates, sampleKeyTemplates, type SampleKeyTemplate } from './sample-keys.ts'
import { daysBefore } from './sample-people.ts'
import { hashToFraction } from './seeded.ts'
import type { UsagePattern } from './usage-pattern.ts'

const DAY = 86_400_000
// Of many keys, those that were used since the usage records begin.
const RECENT_KEYS = 800

/** A sample key with its usage and rotation. */
export type SampleKey = UsedApiKey & {
  use?: UsagePattern | undefined
  /** When it was rotated, and until when the old secret is valid. */
  rotated?: { at: string; oldSecretEndsAt: string } | undefined
}

const teams = [
  'Assembly',
  'Cold store',
  'Dispatch',
  'Energy',
  'DeviceGroup',
  'Lab',
  'Paint shop',
  'Press',
]
const jobs = ['dashboard', 'publisher', 'provisioning', 'alerts', 'backup', 'load test', 'bridge']

/** Makes the keys of a sample deployment. */
export function makeSampleKeys(
  deployment: Edition & { id: string },
  now: Date,
  random: RandomBytes,
): SampleKey[] {
  const { keysAreConfigurable } = planRules(deployment)
  const samples = keysAreConfigurable
    ? (sampleKeyTemplates[deployment.id] ?? [])
    : plainKeyTemplates
  return samples.map((sample) => {
    const { note, disabled = false, expiresInDays, allowedAddresses = [], rotated, use } = sample
    const { lastUsedDaysAgo } = sample
    return {
      ...keyWithoutSecret(deployment.id, random),
      note,
      disabled,
      access: accessFor(deployment, sample.may),
      createdAt: daysBefore(now, sample.ageInDays),
      expiresAt: expiresInDays === undefined ? null : daysBefore(now, -expiresInDays),
      allowedAddresses,
      use,
      lastUse:
        lastUsedDaysAgo === undefined
          ? undefined
          : makeLastUse(daysBefore(now, lastUsedDaysAgo), null),
      rotated: rotated && {
        at: daysBefore(now, rotated.daysAgo),
        oldSecretEndsAt: daysBefore(now, -rotated.endsInDays),
      },
    }
  })
}

/** Makes many keys with distinct notes and a few kinds of access. */
export function makeManyKeys(
  deployment: Edition & { id: string },
  count: number,
  now: Date,
  random: RandomBytes,
): SampleKey[] {
  const shapes = (sampleKeyTemplates[deployment.id] ?? []).map(({ may }) =>
    accessFor(deployment, may),
  )
  return Array.from({ length: count }, (_, index) => {
    const [team = 0, job = 0, shape = 0, minutes = 0] = random(4)
    const place = `${teams[team % teams.length]} ${jobs[job % jobs.length]}`
    const age = (index * 90 + minutes / 3) * 60_000
    return {
      ...keyWithoutSecret(deployment.id, random),
      note: `${place} ${index + 1}`,
      access: shapes[shape % shapes.length] ?? { mode: 'full' },
      createdAt: new Date(now.getTime() - age).toISOString(),
      ...(index < RECENT_KEYS
        ? { use: singleUse(index, age / DAY) }
        : { lastUse: lastUseLongAgo(index, now, age / DAY) }),
    }
  })
}

/** One call in the last weeks, or none. */
function singleUse(index: number, ageInDays: number): UsagePattern | undefined {
  const draw = hashToFraction(`${index}/use`)
  const addresses = [`192.0.2.${1 + (index % 250)}`]
  if (draw > 0.9) return undefined
  return { rhythm: 'once', calls: { 'GET /clients': 1 }, addresses, lastDaysAgo: draw * ageInDays }
}

/** The last call of a key that was abandoned before the usage records begin. */
function lastUseLongAgo(index: number, now: Date, ageInDays: number): UsedApiKey['lastUse'] {
  const draw = hashToFraction(`${index}/use`)
  if (draw > 0.9 || ageInDays < 100) return undefined
  const at = daysBefore(now, 95 + draw * (ageInDays - 95))
  return makeLastUse(at, `192.0.2.${1 + (index % 250)}`)
}

function makeLastUse(at: string, address: string | null): UsedApiKey['lastUse'] {
  return { at, operation: 'GET /clients', address }
}

function accessFor(edition: Edition, may: SampleKeyTemplate['may']): Access {
  if (may === 'everything') return { mode: 'full' }
  const ids = catalogOf(edition).operations.map(({ id }) => id)
  return { mode: 'list', operations: ids.filter((id) => may.test(id)) }
}

/** A random hash belongs to no secret, so nobody can use the key. */
function keyWithoutSecret(deploymentId: string, random: RandomBytes) {
  return { appId: newAppId(random), deploymentId, legacy: false, secretHash: random(32) }
}

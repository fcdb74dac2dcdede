import type { Access } from '../../contract/access/access.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import { planRules, type Edition } from '../../contract/deployments/plans.ts'
import { newAppId, type RandomBytes } from '../../contract/keys/credentials.ts'
import type { UsedApiKey } from '../../store/keys/api-key-records.ts'
import { plainKeys, sampleKeys, type SampleKey } from './sample-keys.ts'
import { ago } from './sample-people.ts'
import type { SampleUse } from './sample-usage.ts'
import { fractionOf } from './seeded.ts'

const DAY = 86_400_000
// Of many keys, those that were used within what is still recorded.
const RECENT_KEYS = 800

/** A key of the demo, with the life it has had. */
export type BelievableKey = UsedApiKey & {
  use?: SampleUse | undefined
  /** When it was given another secret, and until when the one before is good. */
  rotated?: { at: string; oldSecretEndsAt: string } | undefined
}

const teams = [
  'Assembly',
  'Cold store',
  'Dispatch',
  'Energy',
  'Fleet',
  'Lab',
  'Paint shop',
  'Press',
]
const jobs = ['dashboard', 'publisher', 'provisioning', 'alerts', 'backup', 'load test', 'bridge']

/** The keys of a sample deployment; the editions without notes get two plain ones. */
export function believableKeys(
  deployment: Edition & { id: string },
  now: Date,
  random: RandomBytes,
): BelievableKey[] {
  const { keysAreConfigurable } = planRules(deployment)
  const samples = keysAreConfigurable ? (sampleKeys[deployment.id] ?? []) : plainKeys
  return samples.map((sample) => {
    const { note, disabled = false, expiresInDays, allowedAddresses = [], rotated, use } = sample
    const { lastUsedDaysAgo } = sample
    return {
      ...unopenableKey(deployment.id, random),
      note,
      disabled,
      access: accessTo(deployment, sample.may),
      createdAt: ago(now, sample.ageInDays),
      expiresAt: expiresInDays === undefined ? null : ago(now, -expiresInDays),
      allowedAddresses,
      use,
      lastUse:
        lastUsedDaysAgo === undefined ? undefined : lastUseAt(ago(now, lastUsedDaysAgo), null),
      rotated: rotated && {
        at: ago(now, rotated.daysAgo),
        oldSecretEndsAt: ago(now, -rotated.endsInDays),
      },
    }
  })
}

/** This many keys, each with a note of its own and one of some shapes of access. */
export function manyKeys(
  deployment: Edition & { id: string },
  count: number,
  now: Date,
  random: RandomBytes,
): BelievableKey[] {
  const shapes = (sampleKeys[deployment.id] ?? []).map(({ may }) => accessTo(deployment, may))
  return Array.from({ length: count }, (_, index) => {
    const [team = 0, job = 0, shape = 0, minutes = 0] = random(4)
    const place = `${teams[team % teams.length]} ${jobs[job % jobs.length]}`
    const age = (index * 90 + minutes / 3) * 60_000
    return {
      ...unopenableKey(deployment.id, random),
      note: `${place} ${index + 1}`,
      access: shapes[shape % shapes.length] ?? { mode: 'full' },
      createdAt: new Date(now.getTime() - age).toISOString(),
      ...(index < RECENT_KEYS
        ? { use: useOnce(index, age / DAY) }
        : { lastUse: useLongAgo(index, now, age / DAY) }),
    }
  })
}

/** One call in the last weeks, or none yet. */
function useOnce(index: number, ageInDays: number): SampleUse | undefined {
  const draw = fractionOf(`${index}/use`)
  const addresses = [`192.0.2.${1 + (index % 250)}`]
  if (draw > 0.9) return undefined
  return { rhythm: 'once', calls: { 'GET /clients': 1 }, addresses, lastDaysAgo: draw * ageInDays }
}

/** The last call of a key that was given up before what is still recorded call by call. */
function useLongAgo(index: number, now: Date, ageInDays: number): UsedApiKey['lastUse'] {
  const draw = fractionOf(`${index}/use`)
  if (draw > 0.9 || ageInDays < 100) return undefined
  const at = ago(now, 95 + draw * (ageInDays - 95))
  return lastUseAt(at, `192.0.2.${1 + (index % 250)}`)
}

function lastUseAt(at: string, address: string | null): UsedApiKey['lastUse'] {
  return { at, operation: 'GET /clients', address }
}

function accessTo(edition: Edition, may: SampleKey['may']): Access {
  if (may === 'everything') return { mode: 'full' }
  const ids = catalogOf(edition).operations.map(({ id }) => id)
  return { mode: 'list', operations: ids.filter((id) => may.test(id)) }
}

/** No secret has a random hash. */
function unopenableKey(deploymentId: string, random: RandomBytes) {
  return { appId: newAppId(random), deploymentId, legacy: false, secretHash: random(32) }
}

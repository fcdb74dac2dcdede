import type { Access } from '../contract/access/access.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import { newAppId, type RandomBytes } from '../contract/credentials.ts'
import { planRules, type Edition } from '../contract/plans.ts'
import type { UsedApiKey } from '../store/api-key-records.ts'
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

type SampleKey = {
  note: string
  ageInDays: number
  may: RegExp | 'everything'
  disabled?: boolean
  expiresInDays?: number
  allowedAddresses?: readonly string[]
  /** How many days ago it was rotated, and in how many the secret from before ends. */
  rotated?: { daysAgo: number; endsInDays: number }
  use?: SampleUse
  /** When it was called last, if that was before what is still recorded call by call. */
  lastUsedDaysAgo?: number
}

const USERS = '/authentication/password_based:built_in_database/users'

const keys: readonly SampleKey[] = [
  {
    note: 'Grafana scrape',
    ageInDays: 72,
    may: /^GET \/(clients|subscriptions|rules)$/,
    use: {
      rhythm: 'always',
      calls: { 'GET /clients': 60, 'GET /subscriptions': 12 },
      addresses: ['198.51.100.31'],
      lastDaysAgo: 0.0006,
      refused: [
        {
          operation: 'GET /rules/{id}/metrics',
          reason: 'notGranted',
          calls: 14,
          lastDaysAgo: 0.03,
          address: '198.51.100.31',
        },
        {
          operation: 'GET /connectors',
          reason: 'notGranted',
          calls: 2,
          lastDaysAgo: 2.4,
          address: '198.51.100.31',
        },
      ],
    },
  },
  {
    note: 'Line 3 publisher',
    ageInDays: 20,
    may: /^POST \/publish|^GET \/clients|^POST \/clients\/\{clientid\}\/subscribe$/,
    rotated: { daysAgo: 0.875, endsInDays: 0.125 },
    use: {
      rhythm: 'office',
      calls: { 'POST /publish': 240, 'POST /publish/bulk': 18, 'GET /clients/{clientid}': 25 },
      addresses: ['192.0.2.140', '192.0.2.141'],
      lastDaysAgo: 0.002,
      oldSecretDaysAgo: 0.0035,
    },
  },
  {
    note: 'Provisioning job, until the contract ends in March',
    ageInDays: 307,
    may: /\/authentication\/|\/authorization\/sources\/built_in_database\/rules\/(clients|users)/,
    allowedAddresses: ['198.51.100.0/24', '2001:db8:20::/48'],
    use: {
      rhythm: 'nightly',
      calls: {
        [`POST ${USERS}`]: 34,
        [`GET ${USERS}`]: 6,
        [`DELETE ${USERS}/{user_id}`]: 9,
      },
      addresses: ['198.51.100.200'],
      lastDaysAgo: 0.42,
      refused: [
        {
          operation: `POST ${USERS}`,
          reason: 'address',
          calls: 5,
          lastDaysAgo: 6.3,
          address: '203.0.113.19',
        },
      ],
    },
  },
  {
    note: 'On-call: look at clients, kick and ban',
    ageInDays: 8,
    may: /\/(clients|banned)/,
    expiresInDays: 4.9,
    use: {
      rhythm: 'sometimes',
      calls: { 'GET /clients': 4, 'GET /clients/{clientid}': 7, 'DELETE /clients/{clientid}': 1 },
      addresses: ['192.0.2.27', '198.51.100.8'],
      lastDaysAgo: 1.19,
    },
  },
  {
    note: '',
    ageInDays: 411,
    may: 'everything',
    lastUsedDaysAgo: 97.4,
  },
  {
    note: 'Old dashboard',
    ageInDays: 659,
    may: /^GET \//,
    disabled: true,
    use: {
      rhythm: 'always',
      calls: { 'GET /clients': 12, 'GET /subscriptions': 12 },
      addresses: ['198.51.100.44'],
      lastDaysAgo: 12.41,
    },
  },
]

/** The second of two keys of an edition without notes hasn't been used yet. */
const plainKeys: readonly SampleKey[] = [
  {
    note: '',
    ageInDays: 72,
    may: 'everything',
    use: {
      rhythm: 'always',
      calls: { 'POST /publish': 90, 'GET /clients': 30 },
      addresses: ['192.0.2.77', '203.0.113.5'],
      lastDaysAgo: 0.0021,
    },
  },
  { note: '', ageInDays: 20, may: 'everything' },
]

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

/** A few keys as a deployment in use has them; the editions without notes get two plain ones. */
export function believableKeys(
  deployment: Edition & { id: string },
  now: Date,
  random: RandomBytes,
): BelievableKey[] {
  const { keysAreConfigurable } = planRules(deployment)
  return (keysAreConfigurable ? keys : plainKeys).map((sample) => {
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
  const shapes = keys.map(({ may }) => accessTo(deployment, may))
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

import type { Access } from '../contract/access/access.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import { newAppId, type RandomBytes } from '../contract/credentials.ts'
import { planRules, type Edition } from '../contract/plans.ts'
import type { NewApiKey } from '../store/api-key-records.ts'

const DAY = 86_400_000

type SampleKey = {
  note: string
  ageInDays: number
  may: RegExp | 'everything'
  disabled?: boolean
}

const keys: readonly SampleKey[] = [
  { note: 'Grafana scrape', ageInDays: 72, may: /^GET \/(clients|subscriptions|rules)$/ },
  {
    note: 'Line 3 publisher',
    ageInDays: 20,
    may: /^POST \/publish|^GET \/clients|^POST \/clients\/\{clientid\}\/subscribe$/,
  },
  {
    note: 'Provisioning job, until the contract ends in March',
    ageInDays: 307,
    may: /\/authentication\/|\/authorization\/sources\/built_in_database\/rules\/(clients|users)/,
  },
  { note: 'On-call: look at clients, kick and ban', ageInDays: 8, may: /\/(clients|banned)/ },
  { note: '', ageInDays: 411, may: 'everything' },
  { note: 'Old dashboard', ageInDays: 659, may: /^GET \//, disabled: true },
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
): NewApiKey[] {
  const { keysAreConfigurable } = planRules(deployment)
  const plain = keys.slice(0, 2).map(({ ageInDays }): SampleKey => ({
    note: '',
    ageInDays,
    may: 'everything',
  }))
  return (keysAreConfigurable ? keys : plain).map(({ note, ageInDays, may, disabled = false }) => ({
    ...unopenableKey(deployment.id, random),
    note,
    disabled,
    access: accessTo(deployment, may),
    createdAt: new Date(now.getTime() - ageInDays * DAY).toISOString(),
  }))
}

/** This many keys, each with a note of its own and one of some shapes of access. */
export function manyKeys(
  deployment: Edition & { id: string },
  count: number,
  now: Date,
  random: RandomBytes,
): NewApiKey[] {
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
    }
  })
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

import type { ActivityChange } from '../../contract/activity/schemas.ts'
import { planRules } from '../../contract/deployments/plans.ts'
import { newAppId, type RandomBytes } from '../../contract/keys/credentials.ts'
import { changesBetween, type ShownFields } from '../../management/activity/activity-entry.ts'
import type { SampleDeployment } from '../../management/deployments/samples.ts'
import { shownFields } from '../../management/keys/api-key-view.ts'
import type { NewActivityEntry } from '../../store/activity.ts'
import type { NewToken } from '../../store/people/tokens.ts'
import type { SampleKey } from './sample-key-factory.ts'
import { daysBefore, type SamplePerson } from './sample-people.ts'

/** The sample data that Activity entries refer to. */
export type SampleWorld = {
  now: Date
  random: RandomBytes
  people: readonly SamplePerson[]
  tokens: readonly NewToken[]
  deployments: readonly { sample: SampleDeployment; createdAt: string; apiKeys: SampleKey[] }[]
}

type Actor = Pick<NewActivityEntry, 'actor' | 'address'>
type Key = Pick<SampleKey, 'appId' | 'note' | 'access' | 'expiresAt' | 'allowedAddresses'>

const LOAD_TESTS = 14
const SIGN_IN_DAYS = 21
const byPassword = changesBetween({}, { method: 'password' })

const latchkey: Actor = { actor: { kind: 'latchkey', id: null, name: 'Latchkey' }, address: null }
const stranger: Actor = {
  actor: { kind: 'nobody', id: null, name: 'nobody' },
  address: '203.0.113.77',
}

const asPerson = ({ id, username, address }: SamplePerson): Actor => ({
  actor: { kind: 'user', id, name: username },
  address,
})
const asToken = ({ id, name }: NewToken): Actor => ({
  actor: { kind: 'token', id, name },
  address: '198.51.100.200',
})

const shownKey = ({ note, access, expiresAt = null, allowedAddresses = [] }: Key): ShownFields =>
  shownFields({ note, access, expiresAt, allowedAddresses })

/** Makes the Activity entries that lead to the sample data. */
export function makeSampleActivity(world: SampleWorld): NewActivityEntry[] {
  const [administrator] = world.people
  if (!administrator) return []
  const entries = [
    ...peopleHistory(world, administrator),
    ...tokenHistory(world, administrator),
    ...deploymentHistory(world, administrator),
    ...loadTests(world),
    ...signIns(world),
    ...refusals(world),
  ]
  // Chronological: the store keeps the order of entries with the same time.
  return entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

function peopleHistory({ people, now }: SampleWorld, administrator: SamplePerson) {
  const made = people.map((person): NewActivityEntry => {
    const by = person === administrator ? latchkey : asPerson(administrator)
    // Promoted below.
    const role = person.username === 'jonas.weber' ? 'viewer' : person.role
    return {
      ...by,
      at: person.createdAt,
      action: 'user.create',
      deployment: null,
      subject: userSubject(person),
      changes: changesBetween({}, { role, signIn: 'password' }),
    }
  })
  const risen = people.find(({ username }) => username === 'jonas.weber')
  if (!risen) return made
  const promotion: NewActivityEntry = {
    ...asPerson(administrator),
    at: daysBefore(now, 271.3),
    action: 'user.update',
    deployment: null,
    subject: userSubject(risen),
    changes: changesBetween({ role: 'viewer' }, { role: risen.role }),
  }
  return [...made, promotion]
}

function tokenHistory({ tokens }: SampleWorld, administrator: SamplePerson) {
  return tokens.map(({ id, name, role, createdAt, expiresAt }): NewActivityEntry => ({
    ...asPerson(administrator),
    at: createdAt,
    action: 'token.create',
    deployment: null,
    subject: { kind: 'token', id, name },
    changes: changesBetween({}, { role, expiresAt }),
  }))
}

function deploymentHistory({ deployments, people, now }: SampleWorld, administrator: SamplePerson) {
  const operator = asPerson(people.find(({ role }) => role === 'operator') ?? administrator)
  return deployments.flatMap(({ sample, createdAt, apiKeys }): NewActivityEntry[] => {
    const { id, region } = sample
    const by = asPerson(administrator)
    const plan = planRules(sample).label
    const added: NewActivityEntry = {
      ...by,
      at: createdAt,
      action: 'deployment.create',
      deployment: { id, name: id },
      subject: { kind: 'deployment', id, name: id },
      changes: changesBetween({}, { name: id, plan, region, backend: 'embedded' }),
    }
    const keys = apiKeys.flatMap((apiKey) => {
      if (apiKey.legacy || apiKey.createdAt === null) return []
      const made = changesBetween({}, shownKey(apiKey))
      const created = keyEntry(by, apiKey.createdAt, 'apiKey.create', id, apiKey, made)
      if (apiKey.rotated) {
        const { at, oldSecretEndsAt } = apiKey.rotated
        const another = changesBetween({}, { secret: 'changed', oldSecretEndsAt })
        return [created, keyEntry(operator, at, 'apiKey.rotate', id, apiKey, another)]
      }
      if (!apiKey.disabled) return [created]
      const off = changesBetween({ status: 'active' }, { status: 'disabled' })
      return [created, keyEntry(by, daysBefore(now, 12.4), 'apiKey.update', id, apiKey, off)]
    })
    return [added, ...keys]
  })
}

/** Keys that a job creates and deletes; some are narrowed by a person in between. */
function loadTests({ now, random, tokens, people }: SampleWorld): NewActivityEntry[] {
  const terraform = tokens.find(({ name }) => name === 'Terraform')
  const administrator = people.find(({ role }) => role === 'administrator')
  if (!terraform || !administrator) return []
  const deployment = 'fleet-tracking'
  return Array.from({ length: LOAD_TESTS }, (_, index) => {
    const start = 2 + index * 6.5 + fraction(random)
    const broad = ['GET /clients', 'GET /subscriptions', 'POST /publish', 'POST /publish/bulk']
    const before: ShownFields = { note: `Load test ${LOAD_TESTS - index}`, access: broad }
    const after: ShownFields = { ...before, access: broad.slice(0, 3) }
    const key: Key = {
      appId: newAppId(random),
      note: `Load test ${LOAD_TESTS - index}`,
      access: { mode: 'full' },
    }
    const isNarrowed = index % 3 === 1
    const entry = (
      days: number,
      by: Actor,
      action: 'apiKey.create' | 'apiKey.update' | 'apiKey.delete',
      changes: ActivityChange[],
    ) => keyEntry(by, daysBefore(now, days), action, deployment, key, changes)
    return [
      entry(start, asToken(terraform), 'apiKey.create', changesBetween({}, before)),
      ...(isNarrowed
        ? [
            entry(
              start - 0.04,
              asPerson(administrator),
              'apiKey.update',
              changesBetween(before, after),
            ),
          ]
        : []),
      entry(
        start - 0.2,
        asToken(terraform),
        'apiKey.delete',
        changesBetween(isNarrowed ? after : before, {}),
      ),
    ]
  }).flat()
}

/** Sign-ins of the last weeks, up to the one that Users shows as the last. */
function signIns({ now, random, people }: SampleWorld): NewActivityEntry[] {
  return people.flatMap((person, index) => {
    const last = person.lastSignInAt ?? person.createdAt
    const lastDays = (now.getTime() - Date.parse(last)) / 86_400_000
    const every = 1.5 + index * 1.3
    const count = Math.max(0, Math.floor((SIGN_IN_DAYS - lastDays) / every))
    const earlier = Array.from({ length: count }, (_, before) =>
      daysBefore(now, lastDays + (before + 1) * every + fraction(random) * 0.3),
    )
    return [last, ...earlier].flatMap((at, visit): NewActivityEntry[] => {
      const session = (action: 'session.signIn' | 'session.signOut', at: string) => ({
        ...asPerson(person),
        at,
        action,
        deployment: null,
        subject: { kind: 'session' as const, id: person.id, name: person.username },
        changes: action === 'session.signIn' ? byPassword : [],
      })
      const signedIn = session('session.signIn', at)
      if (visit % 3 !== 1) return [signedIn]
      return [signedIn, session('session.signOut', daysBefore(new Date(at), -0.3))]
    })
  })
}

function refusals({ now, people, deployments }: SampleWorld): NewActivityEntry[] {
  const attempts = [0, 1, 2, 3, 4].map((attempt): NewActivityEntry => ({
    ...stranger,
    at: daysBefore(now, 3.7 - attempt * 0.0002),
    action: 'session.refuse',
    deployment: null,
    subject: { kind: 'session', id: null, name: 'unknown user' },
    changes: byPassword,
  }))
  const viewers = people.filter(({ role }) => role === 'viewer')
  const refused = viewers.map((viewer, index): NewActivityEntry => {
    const sample = deployments[index]?.sample
    return {
      ...asPerson(viewer),
      at: daysBefore(now, 0.19 + index * 6.3),
      action: 'request.refuse',
      deployment: sample ? { id: sample.id, name: sample.id } : null,
      subject: {
        kind: 'request',
        id: null,
        name: 'POST /deployments/{deploymentId}/api-keys',
      },
      changes: [],
    }
  })
  return [...attempts, ...refused]
}

const userSubject = ({ id, username }: SamplePerson) => ({
  kind: 'user' as const,
  id,
  name: username,
})

function keyEntry(
  by: Actor,
  at: string,
  action: 'apiKey.create' | 'apiKey.update' | 'apiKey.rotate' | 'apiKey.delete',
  deployment: string,
  { appId, note }: Key,
  changes: ActivityChange[],
): NewActivityEntry {
  return {
    ...by,
    at,
    action,
    deployment: { id: deployment, name: deployment },
    subject: { kind: 'apiKey', id: appId, name: note === '' ? appId : note },
    changes,
  }
}

function fraction(random: RandomBytes): number {
  return (random(1)[0] ?? 0) / 256
}

import type { RandomBytes } from '../../contract/keys/credentials.ts'
import { addSample, sampleDeployments, type SampleDeployment } from '../../management/samples.ts'
import type { Store } from '../../store/store.ts'
import { believableActivity, type SampleWorld } from './sample-activity.ts'
import { believableKeys, manyKeys, type BelievableKey } from './sample-key-factory.ts'
import { believablePeople, believableTokens } from './sample-people.ts'
import { believableUsage } from './sample-usage.ts'
import type { ScenarioName } from './scenario-names.ts'
import type { Fleet } from './simulated-devices.ts'

const DAY = 86_400_000

/** How a scenario starts and behaves. */
export type Scenario = {
  /** Fills an empty store. */
  fill: (store: Store, now: Date, random: RandomBytes) => Promise<void>
  /** Milliseconds that every answer takes. */
  delay: number
  failures: Failures
}

export type Failures = {
  /** Whether everything that would change something is answered 503. */
  writes: boolean
  /** A deployment whose broker can't be reached. */
  unreachable: string | undefined
  /** A deployment whose keys fail to load. */
  keys: string | undefined
}

const noFailures: Failures = { writes: false, unreachable: undefined, keys: undefined }

/** Adds the sample deployments of a scenario, each with its keys. */
async function fillWith(
  store: Store,
  now: Date,
  random: RandomBytes,
  keysOf: (sample: SampleDeployment) => BelievableKey[],
  samples = sampleDeployments,
): Promise<SampleWorld['deployments']> {
  const added = []
  for (const [index, sample] of samples.entries()) {
    const createdAt = new Date(now.getTime() - (700 - index * 90) * DAY)
    const apiKeys = keysOf(sample)
    await addSample(store, sample, { createdAt, random })
    await store.apiKeys.createMany(apiKeys)
    for (const { appId, rotated } of apiKeys) {
      if (!rotated) continue
      const target = { deploymentId: sample.id, appId, version: 1 }
      const { oldSecretEndsAt } = rotated
      await store.apiKeys.rotate(target, { secretHash: random(32), oldSecretEndsAt })
    }
    added.push({ sample, createdAt: createdAt.toISOString(), apiKeys })
  }
  const used = added.map(({ sample, apiKeys }) => ({ id: sample.id, apiKeys }))
  await store.usage.add(believableUsage(used, now))
  return added
}

const only = (id: string) => sampleDeployments.filter((sample) => sample.id === id)

const fiveDeployments: Scenario = {
  delay: 0,
  failures: noFailures,
  async fill(store, now, random) {
    const deployments = await fillWith(store, now, random, (sample) =>
      sample.version === 'v5' ? believableKeys(sample, now, random) : [],
    )
    const people = believablePeople(now, random)
    const tokens = believableTokens(people[0]?.username ?? '', now, random)
    for (const person of people) await store.users.create(person)
    for (const token of tokens) await store.tokens.create(token)
    await store.activity.add(...believableActivity({ now, random, people, tokens, deployments }))
  },
}

export const scenarios: Record<ScenarioName, Scenario> = {
  default: fiveDeployments,
  empty: { ...fiveDeployments, fill: async () => {} },
  'many-keys': {
    ...fiveDeployments,
    async fill(store, now, random) {
      const keysOf = (sample: SampleDeployment) => manyKeys(sample, 10_000, now, random)
      await fillWith(store, now, random, keysOf, only('plant-telemetry'))
    },
  },
  legacy: {
    ...fiveDeployments,
    async fill(store, now, random) {
      await fillWith(store, now, random, () => [], only('ferry-signals'))
    },
  },
  slow: { ...fiveDeployments, delay: 1500 },
  failing: {
    ...fiveDeployments,
    failures: { writes: true, unreachable: 'fleet-tracking', keys: 'grid-metering' },
  },
}

const fleets: Record<string, { fleet: Fleet; limit: number; upForDays: number }> = {
  'plant-telemetry': {
    fleet: { kind: 'press', size: 1284, rate: 0.24 },
    limit: 5000,
    upForDays: 41,
  },
  'fleet-tracking': { fleet: { kind: 'truck', size: 412, rate: 0.5 }, limit: 2000, upForDays: 12 },
  'grid-metering': { fleet: { kind: 'meter', size: 860, rate: 0.1 }, limit: 10_000, upForDays: 96 },
  'home-sensors': { fleet: { kind: 'sensor', size: 64, rate: 0.2 }, limit: 1000, upForDays: 5 },
  'ferry-signals': { fleet: { kind: 'ferry', size: 37, rate: 1 }, limit: 500, upForDays: 230 },
}

/** The devices of a deployment and since when they are there; a new one has a few. */
export function fleetOf(
  deployment: { id: string; createdAt: string },
  sessionStart: Date,
): { fleet: Fleet; sessionLimit: number; start: Date } {
  const sample = fleets[deployment.id]
  if (!sample || new Date(deployment.createdAt) >= sessionStart) {
    return {
      fleet: { kind: 'device', size: 24, rate: 0.5 },
      sessionLimit: 1000,
      start: new Date(deployment.createdAt),
    }
  }
  return {
    fleet: sample.fleet,
    sessionLimit: sample.limit,
    start: new Date(sessionStart.getTime() - sample.upForDays * DAY),
  }
}

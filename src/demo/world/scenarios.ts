import type { RandomBytes } from '../../contract/keys/credentials.ts'
import {
  addSample,
  sampleDeployments,
  type SampleDeployment,
} from '../../management/deployments/samples.ts'
import type { Store } from '../../store/store.ts'
import { makeSampleActivity, type SampleWorld } from './sample-activity.ts'
import { makeSampleKeys, makeManyKeys, type SampleKey } from './sample-key-factory.ts'
import { makeSamplePeople, makeSampleTokens } from './sample-people.ts'
import { makeSampleUsage } from './sample-usage.ts'
import type { ScenarioName } from './scenario-names.ts'
import type { DeviceGroup } from './simulated-devices.ts'

const DAY = 86_400_000

/** A scenario's sample data and behaviour. */
export type Scenario = {
  /** Fills an empty store. */
  fill: (store: Store, now: Date, random: RandomBytes) => Promise<void>
  /** Milliseconds added to every response. */
  delay: number
  failures: Failures
}

export type Failures = {
  /** Whether every write gets 503. */
  writes: boolean
  /** A deployment whose broker is unreachable. */
  unreachable: string | undefined
  /** A deployment whose keys can't be read. */
  keys: string | undefined
}

const noFailures: Failures = { writes: false, unreachable: undefined, keys: undefined }

/** Adds the sample deployments of a scenario, each with its keys. */
async function fillWith(
  store: Store,
  now: Date,
  random: RandomBytes,
  keysOf: (sample: SampleDeployment) => SampleKey[],
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
  await store.usage.add(makeSampleUsage(used, now))
  return added
}

const only = (id: string) => sampleDeployments.filter((sample) => sample.id === id)

const fiveDeployments: Scenario = {
  delay: 0,
  failures: noFailures,
  async fill(store, now, random) {
    const deployments = await fillWith(store, now, random, (sample) =>
      sample.version === 'v5' ? makeSampleKeys(sample, now, random) : [],
    )
    const people = makeSamplePeople(now, random)
    const tokens = makeSampleTokens(people[0]?.username ?? '', now, random)
    for (const person of people) await store.users.create(person)
    for (const token of tokens) await store.tokens.create(token)
    await store.activity.add(...makeSampleActivity({ now, random, people, tokens, deployments }))
  },
}

export const scenarios: Record<ScenarioName, Scenario> = {
  default: fiveDeployments,
  empty: { ...fiveDeployments, fill: async () => {} },
  'many-keys': {
    ...fiveDeployments,
    async fill(store, now, random) {
      const keysOf = (sample: SampleDeployment) => makeManyKeys(sample, 10_000, now, random)
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

const fleets: Record<string, { fleet: DeviceGroup; limit: number; upForDays: number }> = {
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

/** The devices of a deployment and when they started; a new deployment has a few. */
export function devicesFor(
  deployment: { id: string; createdAt: string },
  sessionStart: Date,
): { fleet: DeviceGroup; sessionLimit: number; start: Date } {
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

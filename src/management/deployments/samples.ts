import type { Edition } from '../../contract/deployments/plans.ts'
import { newAppId, type RandomBytes } from '../../contract/keys/credentials.ts'
import type { BackendRecord } from '../../store/deployments.ts'
import type { NewApiKey } from '../../store/keys/api-key-records.ts'
import type { StoreParts } from '../../store/store.ts'

export type SampleDeployment = Edition & { id: string; region: string }

type SampleOptions = {
  createdAt: Date
  random: RandomBytes
  /** What answers its API; an embedded broker by default. */
  backend?: BackendRecord
}

const LEGACY_KEYS = 3

/** The deployments that a host starts with, one of each plan and version; ids are names too. */
export const sampleDeployments: readonly SampleDeployment[] = [
  { id: 'plant-telemetry', plan: 'dedicated', version: 'v5', region: 'eu-central' },
  { id: 'fleet-tracking', plan: 'dedicatedFlex', version: 'v5', region: 'us-east' },
  { id: 'grid-metering', plan: 'byoc', version: 'v5', region: 'eu-west' },
  { id: 'home-sensors', plan: 'serverless', version: 'v5', region: 'eu-central' },
  { id: 'ferry-signals', plan: 'dedicated', version: 'v4', region: 'eu-north' },
]

/** Adds a sample to the store, with legacy keys if its version has them. */
export async function addSample(
  store: Pick<StoreParts, 'deployments' | 'apiKeys'>,
  { id, plan, version, region }: SampleDeployment,
  { createdAt, random, backend = { kind: 'embedded' } }: SampleOptions,
): Promise<void> {
  await store.deployments.create({
    id,
    name: id,
    plan,
    version,
    region,
    backend,
    createdAt: createdAt.toISOString(),
  })
  if (version === 'v4') await store.apiKeys.createMany(legacyKeys(id, random))
}

/** Keys from before permissions. Their hashes are random, so that no secret matches. */
function legacyKeys(deploymentId: string, random: RandomBytes): NewApiKey[] {
  return Array.from({ length: LEGACY_KEYS }, () => ({
    appId: newAppId(random),
    deploymentId,
    note: '',
    access: { mode: 'full' },
    legacy: true,
    createdAt: null,
    secretHash: random(32),
  }))
}

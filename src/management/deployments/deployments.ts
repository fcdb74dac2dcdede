import { catalogOf } from '../../contract/catalog/catalog.ts'
import type { CatalogAnswer } from '../../contract/catalog/schemas.ts'
import { editionExists, planRules } from '../../contract/deployments/plans.ts'
import type { Deployment, Figures, NewDeploymentInput } from '../../contract/deployments/schemas.ts'
import { Problem } from '../../contract/http/problem.ts'
import { Secret } from '../../contract/secret.ts'
import type { DeploymentRecord } from '../../store/deployments.ts'
import type { StoreParts } from '../../store/store.ts'
import { changesBetween, recordActivity, type ShownFields } from '../activity/activity-entry.ts'
import { unwrapChange } from '../http/etag.ts'
import type { Principal, ManagementPorts } from '../ports.ts'

const ID_MAX = 32
// First path segments that the host uses itself: in the gateway's URLs, an id is the first one.
const RESERVED_IDS = new Set([
  'api',
  'assets',
  'deployments',
  'activity',
  'users',
  'tokens',
  'sign-in',
  'healthz',
  'readyz',
  'metrics',
])

/** The id of a new deployment: a slug of its name, with a number if that is taken. */
export function chooseDeploymentId(name: string, isTaken: (id: string) => boolean): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, ID_MAX)
    .replaceAll(/^-+|-+$/g, '')
  const base = /^[a-z]/.test(slug) ? slug : `deployment-${slug}`.replace(/-$/, '')
  const refused = (id: string) => RESERVED_IDS.has(id) || isTaken(id)
  let id = base
  for (let suffix = 2; refused(id); suffix += 1) id = `${base}-${suffix}`
  return id
}

/** A deployment's record. Throws a 404. */
export async function findDeployment(
  parts: Pick<StoreParts, 'deployments'>,
  id: string,
): Promise<DeploymentRecord> {
  const record = await parts.deployments.get(id)
  if (!record) throw new Problem(404, 'There is no such deployment.')
  return record
}

/** A deployment as the API shows it, with its backend's current state. */
export async function showDeployment(
  ports: ManagementPorts,
  origin: string,
  record: DeploymentRecord,
  apiKeyCount?: number,
): Promise<Deployment> {
  const backend = await ports.backends.of(record)
  const [status, figures, keys] = await Promise.all([
    backend?.status(),
    backend?.figures(),
    apiKeyCount ?? ports.store.apiKeys.count(record.id),
  ])
  const shown = record.backend
  return {
    id: record.id,
    name: record.name,
    plan: record.plan,
    version: record.version,
    backend:
      shown.kind === 'emqx'
        ? { kind: 'emqx', url: shown.url, keyId: shown.keyId }
        : { kind: 'embedded' },
    status: status?.state ?? 'stopped',
    startedAt: status?.startedAt?.toISOString() ?? null,
    region: record.region,
    apiBaseUrl: `${origin}/${record.id}${planRules(record).apiBasePath}`,
    connection: backend?.connection() ?? { host: '', listeners: [] },
    sessions: figures?.sessions?.current ?? null,
    apiKeyCount: keys,
    lastApiCallAt: later(record.lastApiCallAt, ports.calls.lastAllowedAt(record.id)),
    createdAt: record.createdAt,
    revision: record.revision,
  }
}

/** The later of two times: calls are counted in memory before they are written. */
function later(written: string | null, counted: Date | null): string | null {
  const at = counted?.toISOString() ?? null
  return at !== null && at > (written ?? '') ? at : written
}

/** Every deployment, by name. */
export async function listDeployments(
  ports: ManagementPorts,
  origin: string,
): Promise<Deployment[]> {
  const [records, counts] = await Promise.all([
    ports.store.deployments.list(),
    ports.store.apiKeys.countByDeployment(),
  ])
  return Promise.all(
    records.map((record) => showDeployment(ports, origin, record, counts.get(record.id) ?? 0)),
  )
}

function shownFields(record: DeploymentRecord): ShownFields {
  const { name, region, backend } = record
  return {
    name,
    plan: planRules(record).label,
    region,
    backend: backend.kind === 'emqx' ? backend.url : 'embedded',
    keyId: backend.kind === 'emqx' ? backend.keyId : null,
  }
}

const toSubject = ({ id, name }: { id: string; name: string }) => ({
  kind: 'deployment' as const,
  id,
  name,
})

/**
 * Adds a deployment: probes its backend, stores and opens it. A failure at any step leaves nothing
 * behind. Throws a 409, 422 or a problem of the backend.
 */
export async function createDeployment(
  ports: ManagementPorts,
  principal: Principal,
  input: NewDeploymentInput,
): Promise<DeploymentRecord> {
  const { plan, version } = input
  if (!editionExists({ plan, version })) {
    const { label } = planRules({ plan, version: 'v5' })
    const detail = `${label} exists in v5 only; v4 is a Dedicated deployment.`
    throw new Problem(422, `Nothing was saved: ${detail}`, [{ field: 'version', detail }])
  }
  const backend =
    input.backend.kind === 'emqx'
      ? { ...input.backend, keySecret: new Secret(input.backend.keySecret) }
      : input.backend
  await ports.backends.probe({ plan, version }, backend)
  const name = input.name.trim()
  const region = input.region?.trim() || null
  const now = ports.now()
  let opened: string | undefined
  try {
    return await ports.store.transaction(async (parts) => {
      const taken = new Set((await parts.deployments.list()).map(({ id }) => id))
      const id = chooseDeploymentId(name, (candidate) => taken.has(candidate))
      const createdAt = now.toISOString()
      const deployment = { id, name, plan, version, region, backend, createdAt }
      if (!(await parts.deployments.create(deployment))) {
        throw new Problem(409, 'Another deployment of this name was added just now. Save again.')
      }
      const record = await findDeployment(parts, id)
      await recordActivity(parts, principal, now, {
        action: 'deployment.create',
        subject: toSubject(record),
        deployment: record,
        changes: changesBetween({}, shownFields(record)),
      })
      // The last step, so that the transaction is rolled back if it fails.
      await ports.backends.open(record)
      opened = id
      return record
    })
  } catch (error) {
    if (opened !== undefined) await ports.backends.close(opened)
    throw error
  }
}

/** Renames a deployment; its id and API base URL stay. Throws a 404 or 412. */
export async function renameDeployment(
  ports: ManagementPorts,
  principal: Principal,
  { id, revision, name }: { id: string; revision: number; name: string | undefined },
): Promise<DeploymentRecord> {
  return ports.store.transaction(async (parts) => {
    const before = await findDeployment(parts, id)
    const wanted = name?.trim() ?? before.name
    if (before.revision !== revision) return unwrapChange({ outcome: 'stale' }, 'deployment')
    if (wanted === before.name) return before
    const record = unwrapChange(await parts.deployments.rename(id, revision, wanted), 'deployment')
    await recordActivity(parts, principal, ports.now(), {
      action: 'deployment.update',
      subject: toSubject(record),
      deployment: record,
      changes: changesBetween({ name: before.name }, { name: record.name }),
    })
    return record
  })
}

/** Removes a deployment and its keys, which are so revoked at once. Throws a 404 or 412. */
export async function deleteDeployment(
  ports: ManagementPorts,
  principal: Principal,
  { id, revision }: { id: string; revision: number | undefined },
): Promise<void> {
  await ports.store.transaction(async (parts) => {
    const apiKeys = await parts.apiKeys.count(id)
    const removed = unwrapChange(await parts.deployments.remove(id, revision), 'deployment')
    await recordActivity(parts, principal, ports.now(), {
      action: 'deployment.delete',
      subject: toSubject(removed),
      deployment: removed,
      changes: changesBetween({ name: removed.name, apiKeys: String(apiKeys) }, {}),
    })
  })
  await ports.backends.close(id)
}

/** The catalog of a deployment, with whether its backend supports each operation. Throws a 404. */
export async function showCatalog(ports: ManagementPorts, id: string): Promise<CatalogAnswer> {
  const record = await findDeployment(ports.store, id)
  const catalog = catalogOf(record)
  const backend = await ports.backends.of(record)
  return {
    categories: catalog.categories.map(({ name, operations }) => ({
      name,
      operations: operations.map(({ category: _category, ...operation }) => ({
        ...operation,
        supported: backend?.supports(operation.id) ?? false,
      })),
    })),
  }
}

/** The live figures of a deployment, without those its backend doesn't have. Throws a 404. */
export async function showFigures(ports: ManagementPorts, id: string): Promise<Figures> {
  const backend = await ports.backends.of(await findDeployment(ports.store, id))
  const figures = await backend?.figures()
  return { ...figures, apiCalls: await ports.calls.apiCalls(id) }
}

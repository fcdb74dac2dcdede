import type { Access } from '../contract/access/access.ts'
import { sha256 } from '../contract/bytes.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import { newAppId, newAppSecret } from '../contract/credentials.ts'
import { planRules } from '../contract/plans.ts'
import { Problem, type FieldError } from '../contract/problem.ts'
import type {
  ApiKey,
  ApiKeyInput,
  ApiKeyPage,
  ApiKeyQuery,
  CreatedApiKey,
} from '../contract/schemas.ts'
import type { ApiKeyRecord } from '../store/api-keys.ts'
import type { DeploymentRecord } from '../store/deployments.ts'
import { cursorAfter, positionOf } from './cursor.ts'
import { findDeployment } from './deployments.ts'
import type { ManagementPorts } from './ports.ts'
import { changed } from './respond.ts'

function toApiKey(record: ApiKeyRecord): ApiKey {
  const { appId, note, access, legacy, createdAt, version } = record
  return {
    appId,
    note,
    access:
      access.mode === 'full'
        ? { mode: 'full' }
        : { mode: 'list', operations: [...access.operations] },
    legacy,
    createdAt,
    version,
  }
}

function refuse(errors: FieldError[]): never {
  const details = errors.map(({ detail }) => detail).join(' ')
  throw new Problem(422, `Nothing was saved. ${details}`, errors)
}

/** Refuses what the deployment's plan doesn't have: note, access and Edit on Serverless. */
function checkPlan(deployment: DeploymentRecord, input: ApiKeyInput): void {
  const { label, keysAreConfigurable } = planRules(deployment)
  if (keysAreConfigurable) return
  const errors: FieldError[] = []
  if (input.note !== undefined) {
    errors.push({ field: 'note', detail: `Keys of ${label} deployments take no note.` })
  }
  if (input.access !== undefined) {
    const detail = `Keys of ${label} deployments always have full access.`
    errors.push({ field: 'access', detail })
  }
  if (errors.length > 0) refuse(errors)
}

/** Refuses operations that neither the catalog nor the key as it was has. */
function checkOperations(deployment: DeploymentRecord, access: Access, before?: Access): void {
  if (access.mode === 'full') return
  const { byId } = catalogOf(deployment)
  const kept = new Set(before?.mode === 'list' ? before.operations : [])
  const { label } = planRules(deployment)
  const errors = access.operations.flatMap((id, index): FieldError[] => {
    if (byId.has(id) || kept.has(id)) return []
    return [{ field: `access.operations.${index}`, detail: `${label} has no operation ${id}.` }]
  })
  if (errors.length > 0) refuse(errors)
}

function accessFor(deployment: DeploymentRecord, access: Access | undefined): Access {
  if (!planRules(deployment).keysAreConfigurable) return { mode: 'full' }
  if (access) return access
  return refuse([{ field: 'access', detail: 'Say what the key may call.' }])
}

/** A page of a deployment's keys. */
export async function listApiKeys(
  ports: ManagementPorts,
  deploymentId: string,
  query: ApiKeyQuery,
): Promise<ApiKeyPage> {
  await findDeployment(ports, deploymentId)
  const { search, access, sort, limit, cursor } = query
  const after = cursor === undefined ? undefined : positionOf(sort, cursor)
  const listing = { search, access, sort, limit: limit + 1, after }
  const [records, total] = await Promise.all([
    ports.store.apiKeys.list(deploymentId, listing),
    ports.store.apiKeys.count(deploymentId, listing),
  ])
  const page = records.slice(0, limit)
  const last = page.at(-1)
  const more = records.length > limit && last
  return {
    items: page.map(toApiKey),
    nextCursor: more ? cursorAfter(sort, last) : null,
    total,
  }
}

/** Makes a key. Its secret is in the result, its hash in the store, and neither elsewhere. */
export async function createApiKey(
  ports: ManagementPorts,
  deploymentId: string,
  input: ApiKeyInput,
): Promise<CreatedApiKey> {
  const deployment = await findDeployment(ports, deploymentId)
  checkPlan(deployment, input)
  const access = accessFor(deployment, input.access)
  checkOperations(deployment, access)
  const appSecret = newAppSecret(ports.random)
  const secretHash = await sha256(appSecret)
  const made = { deploymentId, note: input.note ?? '', access, legacy: false, secretHash }
  const createdAt = ports.now().toISOString()
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const appId = newAppId(ports.random)
    if (await ports.store.apiKeys.create({ ...made, appId, createdAt })) {
      return { apiKey: await getApiKey(ports, deploymentId, appId), appSecret }
    }
  }
  throw new Problem(503, 'No free App ID was found, so no key was made. Create the key again.')
}

/** One key, or a 404. */
export async function getApiKey(
  ports: ManagementPorts,
  deploymentId: string,
  appId: string,
): Promise<ApiKey> {
  await findDeployment(ports, deploymentId)
  const record = await ports.store.apiKeys.get(deploymentId, appId)
  if (!record) throw new Problem(404, 'There is no such API key.')
  return toApiKey(record)
}

/** Changes what was sent of a key, if it still is at the version the change was based on. */
export async function updateApiKey(
  ports: ManagementPorts,
  { deploymentId, appId, version }: { deploymentId: string; appId: string; version: number },
  input: ApiKeyInput,
): Promise<ApiKey> {
  const deployment = await findDeployment(ports, deploymentId)
  const { label, keysAreConfigurable } = planRules(deployment)
  checkPlan(deployment, input)
  if (!keysAreConfigurable) {
    throw new Problem(
      422,
      `Keys of ${label} deployments can't be edited. Delete it and make another.`,
    )
  }
  const before = await getApiKey(ports, deploymentId, appId)
  if (input.access) checkOperations(deployment, input.access, before.access)
  const isChange = input.note !== undefined || input.access !== undefined
  if (!isChange && before.version === version) return before
  const change = { note: input.note, access: input.access }
  const outcome = await ports.store.apiKeys.update({ deploymentId, appId, version }, change)
  return toApiKey(changed(outcome, 'API key'))
}

/** Deletes a key; its next call is refused. */
export async function deleteApiKey(
  ports: ManagementPorts,
  { deploymentId, appId }: { deploymentId: string; appId: string },
  version: number | undefined,
): Promise<void> {
  await findDeployment(ports, deploymentId)
  changed(await ports.store.apiKeys.remove(deploymentId, appId, version), 'API key')
}

import type { Access } from '../../contract/access/access.ts'
import type { Permission } from '../../contract/accounts/roles.ts'
import { sha256 } from '../../contract/bytes.ts'
import { catalogOf } from '../../contract/catalog/catalog.ts'
import { planRules } from '../../contract/deployments/plans.ts'
import { Problem, type FieldError } from '../../contract/http/problem.ts'
import { newAppId, newAppSecret } from '../../contract/keys/credentials.ts'
import type {
  ApiKey,
  ApiKeyInput,
  ApiKeyPage,
  ApiKeyPatch,
  ApiKeyQuery,
  CreatedApiKey,
} from '../../contract/keys/schemas.ts'
import type { DeploymentRecord } from '../../store/deployments.ts'
import type { ApiKeyRecord } from '../../store/keys/api-key-records.ts'
import { changesBetween, recordActivity } from '../activity/activity-entry.ts'
import { findDeployment } from '../deployments/deployments.ts'
import { formatKeyCursor, parseKeyCursor } from '../http/cursor.ts'
import { unwrapChange } from '../http/etag.ts'
import type { Principal, ManagementPorts } from '../ports.ts'
import { findApiKey, refuse, shownFields, toSubject, toApiKey } from './api-key-view.ts'

const describeState = ({ disabled }: Pick<ApiKeyRecord, 'disabled'>) =>
  disabled ? 'disabled' : 'active'

/** Throws a 422 for fields that the deployment's plan doesn't have: note and access on Serverless. */
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

/** Throws a 422 for operations that neither the catalog nor the key before the change has. */
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

/** Throws a 422 for an expiry in the past. */
function checkExpiry(expiresAt: string | null | undefined, now: Date): void {
  if (typeof expiresAt !== 'string' || expiresAt > now.toISOString()) return
  refuse([{ field: 'expiresAt', detail: 'Give a time that is still to come.' }])
}

function accessFor(deployment: DeploymentRecord, access: Access | undefined): Access {
  if (!planRules(deployment).keysAreConfigurable) return { mode: 'full' }
  if (access) return access
  return refuse([{ field: 'access', detail: 'Say what the key may call.' }])
}

/** A page of a deployment's keys by cursor pagination. Throws a 404. */
export async function listApiKeys(
  ports: ManagementPorts,
  deploymentId: string,
  query: ApiKeyQuery,
): Promise<ApiKeyPage> {
  await findDeployment(ports.store, deploymentId)
  const { search, access, sort, limit, cursor } = query
  const now = ports.now()
  const condition = query.condition && { is: query.condition, at: now }
  const after = cursor === undefined ? undefined : parseKeyCursor(sort, cursor)
  const listing = { search, access, condition, sort, limit: limit + 1, after }
  const [records, total] = await Promise.all([
    ports.store.apiKeys.list(deploymentId, listing),
    ports.store.apiKeys.count(deploymentId, listing),
  ])
  const page = records.slice(0, limit)
  const last = page.at(-1)
  const more = records.length > limit && last
  return {
    items: page.map((record) => toApiKey(record, now)),
    nextCursor: more ? formatKeyCursor(sort, last) : null,
    total,
  }
}

/**
 * Creates a key. Its secret is in the result, its hash in the store, and neither anywhere else.
 * Throws a 404 or 422.
 */
export async function createApiKey(
  ports: ManagementPorts,
  principal: Principal,
  deploymentId: string,
  input: ApiKeyInput,
): Promise<CreatedApiKey> {
  const now = ports.now()
  const appSecret = newAppSecret(ports.random)
  const secretHash = await sha256(appSecret)
  return ports.store.transaction(async (parts) => {
    const deployment = await findDeployment(parts, deploymentId)
    checkPlan(deployment, input)
    checkExpiry(input.expiresAt, now)
    const access = accessFor(deployment, input.access)
    checkOperations(deployment, access)
    const { note = '', expiresAt = null, allowedAddresses = [] } = input
    const createdAt = now.toISOString()
    const given = { note, access, expiresAt, allowedAddresses }
    const made = { deploymentId, ...given, legacy: false, createdAt }
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const appId = newAppId(ports.random)
      if (!(await parts.apiKeys.create({ ...made, appId, secretHash }))) continue
      const record = await findApiKey(parts, deploymentId, appId)
      await recordActivity(parts, principal, now, {
        action: 'apiKey.create',
        subject: toSubject(record),
        deployment,
        changes: changesBetween({}, shownFields(record)),
      })
      return { apiKey: toApiKey(record, now), appSecret }
    }
    throw new Problem(503, 'No free App ID was found, so no key was made. Create the key again.')
  })
}

/** One key. Throws a 404. */
export async function getApiKey(
  ports: ManagementPorts,
  deploymentId: string,
  appId: string,
): Promise<ApiKey> {
  await findDeployment(ports.store, deploymentId)
  return toApiKey(await findApiKey(ports.store, deploymentId, appId), ports.now())
}

/** The permissions that a change needs, the most demanding first. */
export function requiredPermissions(patch: ApiKeyPatch): Permission[] {
  const { note, access, disabled, expiresAt, allowedAddresses } = patch
  const permissions: Permission[] = []
  if (access !== undefined || expiresAt !== undefined || allowedAddresses !== undefined) {
    permissions.push('apiKeys.manage')
  }
  if (disabled !== undefined) permissions.push('apiKeys.pause')
  if (note !== undefined) permissions.push('apiKeys.annotate')
  return permissions
}

/** Changes the fields in `input`. Throws a 404, 412 (the version is outdated) or 422. */
export async function updateApiKey(
  ports: ManagementPorts,
  principal: Principal,
  { deploymentId, appId, version }: { deploymentId: string; appId: string; version: number },
  input: ApiKeyPatch,
): Promise<ApiKey> {
  const now = ports.now()
  return ports.store.transaction(async (parts) => {
    const deployment = await findDeployment(parts, deploymentId)
    checkPlan(deployment, input)
    const before = await findApiKey(parts, deploymentId, appId)
    if (input.access) checkOperations(deployment, input.access, before.access)
    if (input.expiresAt !== before.expiresAt) checkExpiry(input.expiresAt, now)
    if (before.version !== version) return unwrapChange({ outcome: 'stale' }, 'API key')
    const change = {
      note: input.note ?? before.note,
      access: input.access ?? before.access,
      disabled: input.disabled ?? before.disabled,
      expiresAt: input.expiresAt === undefined ? before.expiresAt : input.expiresAt,
      allowedAddresses: input.allowedAddresses ?? before.allowedAddresses,
    }
    const after = { ...before, ...change }
    const changes = changesBetween(
      { ...shownFields(before), status: describeState(before) },
      { ...shownFields(after), status: describeState(after) },
    )
    if (changes.length === 0) return toApiKey(before, now)
    const outcome = await parts.apiKeys.update({ deploymentId, appId, version }, change)
    const record = unwrapChange(outcome, 'API key')
    await recordActivity(parts, principal, now, {
      action: 'apiKey.update',
      subject: toSubject(record),
      deployment,
      changes,
    })
    return toApiKey(record, now)
  })
}

/** Deletes a key and so revokes it at once. Throws a 404 or 412. */
export async function deleteApiKey(
  ports: ManagementPorts,
  principal: Principal,
  { deploymentId, appId }: { deploymentId: string; appId: string },
  version: number | undefined,
): Promise<void> {
  await ports.store.transaction(async (parts) => {
    const deployment = await findDeployment(parts, deploymentId)
    const outcome = await parts.apiKeys.remove(deploymentId, appId, version)
    const removed = unwrapChange(outcome, 'API key')
    await recordActivity(parts, principal, ports.now(), {
      action: 'apiKey.delete',
      subject: toSubject(removed),
      deployment,
      changes: changesBetween(shownFields(removed), {}),
    })
  })
}

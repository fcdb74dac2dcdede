import { Problem, type FieldError } from '../../contract/http/problem.ts'
import type { ApiKey } from '../../contract/keys/schemas.ts'
import type { ApiKeyRecord } from '../../store/keys/api-key-records.ts'
import type { StoreParts } from '../../store/store.ts'
import type { ShownFields } from '../activity/activity-entry.ts'

/** A key as the API shows it. */
export function toApiKey(record: ApiKeyRecord, now: Date): ApiKey {
  const { appId, note, access, legacy, createdAt, expiresAt, allowedAddresses, version } = record
  return {
    appId,
    note,
    access:
      access.mode === 'full'
        ? { mode: 'full' }
        : { mode: 'list', operations: [...access.operations] },
    legacy,
    createdAt,
    status: keyStatus(record, now),
    expiresAt,
    allowedAddresses: [...allowedAddresses],
    lastUse: toLastUse(record),
    oldSecret: validOldSecret(record, now),
    version,
  }
}

/** Whether a key works, and if not, why. */
export function keyStatus({ disabled, expiresAt }: ApiKeyRecord, now: Date): ApiKey['status'] {
  if (disabled) return 'disabled'
  return expiresAt !== null && expiresAt <= now.toISOString() ? 'expired' : 'active'
}

function toLastUse({ lastUse, useRecordedSince }: ApiKeyRecord): ApiKey['lastUse'] {
  if (lastUse) return { kind: 'used', ...lastUse }
  return { kind: useRecordedSince === null ? 'notRecorded' : 'never' }
}

/** The secret from before the last rotation, while it is valid: until its own end or the key's. */
export function validOldSecret(
  { oldSecret, expiresAt }: ApiKeyRecord,
  now: Date,
): ApiKey['oldSecret'] {
  if (!oldSecret) return null
  const { endsAt, lastUsedAt } = oldSecret
  const end = expiresAt !== null && expiresAt < endsAt ? expiresAt : endsAt
  return end > now.toISOString() ? { endsAt: end, lastUsedAt } : null
}

/** The fields of a key that the audit log shows. */
export function shownFields(
  apiKey: Pick<ApiKeyRecord, 'note' | 'access' | 'expiresAt' | 'allowedAddresses'>,
): ShownFields {
  const { note, access, expiresAt, allowedAddresses } = apiKey
  return {
    note: note === '' ? null : note,
    access: access.mode === 'full' ? 'full' : [...access.operations],
    expiresAt,
    allowedAddresses: allowedAddresses.length === 0 ? null : [...allowedAddresses],
  }
}

/** A key as the subject of an audit log entry. */
export const toSubject = ({ appId, note }: Pick<ApiKeyRecord, 'appId' | 'note'>) => ({
  kind: 'apiKey' as const,
  id: appId,
  name: note === '' ? appId : note,
})

/** A key's record. Throws a 404. */
export async function findApiKey(
  parts: Pick<StoreParts, 'apiKeys'>,
  deploymentId: string,
  appId: string,
): Promise<ApiKeyRecord> {
  const record = await parts.apiKeys.get(deploymentId, appId)
  if (!record) throw new Problem(404, 'There is no such API key.')
  return record
}

/** Throws a 422 for these fields. */
export function refuse(errors: FieldError[]): never {
  const details = errors.map(({ detail }) => detail).join(' ')
  throw new Problem(422, `Nothing was saved. ${details}`, errors)
}

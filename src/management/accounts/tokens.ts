import type {
  AutomationToken,
  AutomationTokenInput,
  CreatedAutomationToken,
} from '../../contract/accounts/schemas.ts'
import { sha256, toHex } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import { newTokenSecret } from '../../contract/keys/credentials.ts'
import type { TokenRecord } from '../../store/people/tokens.ts'
import { changesBetween, recordActivity, type ShownFields } from '../activity/activity-entry.ts'
import type { Principal, ManagementPorts } from '../ports.ts'

const ID_BYTES = 16

const toSubject = ({ id, name }: TokenRecord) => ({ kind: 'token' as const, id, name })
const shownFields = ({ role, expiresAt }: TokenRecord): ShownFields => ({ role, expiresAt })

/** Every automation token, by name. */
export async function listTokens({ store }: ManagementPorts): Promise<AutomationToken[]> {
  return store.tokens.list()
}

/**
 * Creates a token. Its secret is in the result, its hash in the store, and neither anywhere else.
 * Throws a 422.
 */
export async function createToken(
  ports: ManagementPorts,
  principal: Principal,
  { name, role, expiresAt }: AutomationTokenInput,
): Promise<CreatedAutomationToken> {
  const now = ports.now()
  if (expiresAt !== null && expiresAt <= now.toISOString()) {
    const detail = 'Give a time that is still to come.'
    throw new Problem(422, `Nothing was saved. ${detail}`, [{ field: 'expiresAt', detail }])
  }
  const secret = newTokenSecret(ports.random)
  const token: TokenRecord = {
    id: toHex(ports.random(ID_BYTES)),
    name: name.trim(),
    role,
    createdAt: now.toISOString(),
    createdBy: principal.actor.name,
    expiresAt,
    lastUsedAt: null,
  }
  const secretHash = await sha256(secret)
  await ports.store.transaction(async (parts) => {
    await parts.tokens.create({ ...token, secretHash })
    await recordActivity(parts, principal, now, {
      action: 'token.create',
      subject: toSubject(token),
      changes: changesBetween({}, shownFields(token)),
    })
  })
  return { token, secret }
}

/** Deletes a token and so revokes it at once. Throws a 404. */
export async function deleteToken(
  ports: ManagementPorts,
  principal: Principal,
  id: string,
): Promise<void> {
  await ports.store.transaction(async (parts) => {
    const removed = await parts.tokens.remove(id)
    if (!removed) throw new Problem(404, 'There is no such automation token.')
    await recordActivity(parts, principal, ports.now(), {
      action: 'token.delete',
      subject: toSubject(removed),
      changes: changesBetween(shownFields(removed), {}),
    })
  })
}

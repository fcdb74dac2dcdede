import type { User, UserInput, UserPatch } from '../../contract/accounts/schemas.ts'
import { toHex } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import type { UserRecord } from '../../store/people/users.ts'
import type { StoreParts } from '../../store/store.ts'
import { changesBetween, recordActivity } from '../activity/activity-entry.ts'
import { unwrapChange } from '../http/etag.ts'
import type { Principal, ManagementPorts } from '../ports.ts'

const ID_BYTES = 16
const passwordChange = { field: 'password', before: null, after: 'changed' }

const toSubject = ({ id, username }: UserRecord) => ({ kind: 'user' as const, id, name: username })

async function findUser(parts: Pick<StoreParts, 'users'>, id: string): Promise<UserRecord> {
  const record = await parts.users.get(id)
  if (!record) throw new Problem(404, 'There is no such user.')
  return record
}

/** Every user, by name. */
export async function listUsers({ store }: ManagementPorts): Promise<User[]> {
  return store.users.list()
}

/** One user. Throws a 404. */
export async function getUser({ store }: ManagementPorts, id: string): Promise<User> {
  return findUser(store, id)
}

/** Adds a user who signs in by name and password. Throws a 422. */
export async function createUser(
  ports: ManagementPorts,
  principal: Principal,
  { username, password, role }: UserInput,
): Promise<User> {
  const now = ports.now()
  const id = toHex(ports.random(ID_BYTES))
  // Password hashing is slow by design: done before the transaction, which would hold its locks.
  const passwordHash = await ports.signIn.hashPassword(password)
  return ports.store.transaction(async (parts) => {
    const user = { id, username, role, passwordHash, createdAt: now.toISOString() }
    if (!(await parts.users.create(user))) {
      const detail = 'Another user has this name.'
      throw new Problem(422, `Nothing was saved. ${detail}`, [{ field: 'username', detail }])
    }
    const record = await findUser(parts, id)
    await recordActivity(parts, principal, now, {
      action: 'user.create',
      subject: toSubject(record),
      changes: changesBetween({}, { role, signIn: record.signIn }),
    })
    return record
  })
}

/**
 * Changes a role, or sets a new password, which ends every session of the user. Throws a 404, 409,
 * 412 or 422.
 */
export async function updateUser(
  ports: ManagementPorts,
  principal: Principal,
  { id, version }: { id: string; version: number },
  { role, password }: UserPatch,
): Promise<User> {
  const now = ports.now()
  const passwordHash =
    password === undefined ? undefined : await ports.signIn.hashPassword(password)
  return ports.store.transaction(async (parts) => {
    const before = await findUser(parts, id)
    if (before.version !== version) return unwrapChange({ outcome: 'stale' }, 'user')
    if (passwordHash !== undefined && before.signIn === 'openId') {
      const detail = `${before.username} signs in through OpenID and has no password here.`
      throw new Problem(422, `Nothing was saved. ${detail}`, [{ field: 'password', detail }])
    }
    const changes = changesBetween({ role: before.role }, { role: role ?? before.role })
    if (passwordHash !== undefined) changes.push(passwordChange)
    if (changes.length === 0) return before
    if (role !== undefined && role !== 'administrator') await keepAnAdministrator(parts, id)
    const target = { id, version, at: now.toISOString() }
    const record = unwrapChange(await parts.users.update(target, { role, passwordHash }), 'user')
    if (passwordHash !== undefined) await parts.sessions.removeOfUser(id)
    await recordActivity(parts, principal, now, {
      action: 'user.update',
      subject: toSubject(record),
      changes,
    })
    return record
  })
}

/** Removes a user and ends their sessions. Throws a 404, 409 or 412. */
export async function deleteUser(
  ports: ManagementPorts,
  principal: Principal,
  { id, version }: { id: string; version: number | undefined },
): Promise<void> {
  await ports.store.transaction(async (parts) => {
    const before = await findUser(parts, id)
    await keepAnAdministrator(parts, id)
    unwrapChange(await parts.users.remove(id, version), 'user')
    await recordActivity(parts, principal, ports.now(), {
      action: 'user.delete',
      subject: toSubject(before),
      changes: changesBetween({ role: before.role }, {}),
    })
  })
}

/** Throws a 409 for a change that takes the last administrator: nobody could undo it. */
async function keepAnAdministrator(parts: StoreParts, id: string): Promise<void> {
  const administrators = await parts.users.lockAdministrators()
  if (administrators.length !== 1 || administrators[0] !== id) return
  throw new Problem(
    409,
    'This is the last administrator, so nothing was changed. Make another user an administrator first.',
  )
}

import type { NewActivityEntry } from '../../store/activity.ts'
import type { StoreParts } from '../../store/store.ts'
import type { Recorder } from './adapter.ts'
import { PasswordOutdated, signInScope, type SignInScope } from './library.ts'

type Subject = { id: string; username: string }

/** The server itself, where it does what nobody asked for just then. */
export const LATCHKEY: NewActivityEntry['actor'] = { kind: 'latchkey', id: null, name: 'Latchkey' }
const NOBODY: NewActivityEntry['actor'] = { kind: 'nobody', id: null, name: 'nobody' }

/** Writes what comes with the rows that the sign-in library adds, in their transaction. */
export function createRecorder(now: () => Date): Recorder {
  async function recordSession(
    { users, sessions, activity }: StoreParts,
    userId: string,
  ): Promise<void> {
    const scope = signInScope.getStore()
    if (!scope) throw new Error('a session came from nowhere')
    const user = await users.get(userId)
    if (!user) throw new Error('a session has no user')
    const at = now().toISOString()
    const { method, address, replaced } = scope
    if (replaced !== undefined) await sessions.remove(replaced)
    if (method === 'passwordChange') {
      await activity.add(passwordChange(user, { at, address }))
      return
    }
    await users.noteSignIn(userId, at)
    await activity.add({
      at,
      action: 'session.signIn',
      actor: { kind: 'user', id: userId, name: user.username },
      address,
      deployment: null,
      subject: { kind: 'session', id: userId, name: user.username },
      changes: [{ field: 'method', before: null, after: method }],
    })
  }

  return {
    // Whoever gives a user another password ends the sessions there are then: there must be none
    // after that, nor another password, by the one from before.
    async begin({ users }) {
      const proved = signInScope.getStore()?.proved
      if (!proved) return
      const current = await users.forSignIn(proved.username)
      if (current?.passwordHash !== proved.passwordHash) throw new PasswordOutdated()
    },

    async added(parts, model, row) {
      if (model === 'session') await recordSession(parts, String(row['userId']))
      if (model === 'user') {
        const user = { id: String(row['id']), username: String(row['username']) }
        const address = signInScope.getStore()?.address ?? null
        const entry = newUser(user, { role: 'viewer', signIn: 'openId' })
        const at = now().toISOString()
        await parts.activity.add({ ...entry, at, address })
      }
    },
  }
}

/** The entry of a user whom the server added by itself. */
export function newUser(
  { id, username }: Subject,
  is: { role: string; signIn: string },
): Omit<NewActivityEntry, 'at' | 'address'> {
  return {
    action: 'user.create',
    actor: LATCHKEY,
    deployment: null,
    subject: { kind: 'user', id, name: username },
    changes: Object.entries(is).map(([field, after]) => ({ field, before: null, after })),
  }
}

function passwordChange(
  { id, username }: Subject,
  { at, address }: { at: string; address: string | null },
): NewActivityEntry {
  return {
    at,
    action: 'user.changePassword',
    actor: { kind: 'user', id, name: username },
    address,
    deployment: null,
    subject: { kind: 'user', id, name: username },
    changes: [{ field: 'password', before: null, after: 'changed' }],
  }
}

/**
 * The entry of a sign-in that was refused. It names a user that exists and nothing else that
 * was typed: people type passwords into the field for the name.
 */
export function refusedSignIn(
  user: Subject | undefined,
  { at, address, method }: { at: string } & Pick<SignInScope, 'address' | 'method'>,
): NewActivityEntry {
  return {
    at,
    action: 'session.refuse',
    actor:
      user && method === 'passwordChange'
        ? { kind: 'user', id: user.id, name: user.username }
        : NOBODY,
    address,
    deployment: null,
    subject: { kind: 'session', id: user?.id ?? null, name: user?.username ?? 'unknown user' },
    changes: [{ field: 'method', before: null, after: method }],
  }
}

/** The entry of somebody ending sessions of their own. */
export function signedOut(
  action: 'session.signOut' | 'session.signOutEverywhere',
  { id, username }: Subject,
  { at, address }: { at: string; address: string | null },
): NewActivityEntry {
  return {
    at,
    action,
    actor: { kind: 'user', id, name: username },
    address,
    deployment: null,
    subject: { kind: 'session', id, name: username },
    changes: [],
  }
}

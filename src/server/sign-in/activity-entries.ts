import type { NewActivityEntry } from '../../store/activity.ts'

type Subject = { id: string; username: string }

/** When, from where and how somebody signed in or tried to. */
export type SignInAttempt = {
  at: string
  address: string | null
  method: 'password' | 'openId' | 'passwordChange'
}

type Origin = Pick<SignInAttempt, 'at' | 'address'>

const LATCHKEY: NewActivityEntry['actor'] = { kind: 'latchkey', id: null, name: 'Latchkey' }
const NOBODY: NewActivityEntry['actor'] = { kind: 'nobody', id: null, name: 'nobody' }

const userActor = ({ id, username }: Subject): NewActivityEntry['actor'] => ({
  kind: 'user',
  id,
  name: username,
})

/** The entry of a user whom the server added without a person's request. */
export function newUser(
  { id, username }: Subject,
  { role, signIn, at, address }: Origin & { role: string; signIn: string },
): NewActivityEntry {
  return {
    at,
    action: 'user.create',
    actor: LATCHKEY,
    address,
    deployment: null,
    subject: { kind: 'user', id, name: username },
    changes: Object.entries({ role, signIn }).map(([field, after]) => ({
      field,
      before: null,
      after,
    })),
  }
}

/** The entry of a user who changed their password. */
export function passwordChanged(user: Subject, { at, address }: Origin): NewActivityEntry {
  return {
    at,
    action: 'user.changePassword',
    actor: userActor(user),
    address,
    deployment: null,
    subject: { kind: 'user', id: user.id, name: user.username },
    changes: [{ field: 'password', before: null, after: 'changed' }],
  }
}

/** The entry of a sign-in. */
export function signedIn(user: Subject, attempt: SignInAttempt): NewActivityEntry {
  return { ...sessionEntry('session.signIn', user, attempt), changes: [methodOf(attempt)] }
}

/**
 * The entry of a refused sign-in. It names an existing user and nothing else that was typed: people
 * type passwords into the field for the name.
 */
export function refusedSignIn(user: Subject | undefined, attempt: SignInAttempt): NewActivityEntry {
  const { at, address, method } = attempt
  return {
    at,
    action: 'session.refuse',
    actor: user && method === 'passwordChange' ? userActor(user) : NOBODY,
    address,
    deployment: null,
    subject: { kind: 'session', id: user?.id ?? null, name: user?.username ?? 'unknown user' },
    changes: [methodOf(attempt)],
  }
}

/** The entry of a user who ended their own sessions. */
export function signedOut(
  action: 'session.signOut' | 'session.signOutEverywhere',
  user: Subject,
  origin: Origin,
): NewActivityEntry {
  return sessionEntry(action, user, origin)
}

function sessionEntry(
  action: NewActivityEntry['action'],
  user: Subject,
  { at, address }: Origin,
): NewActivityEntry {
  return {
    at,
    action,
    actor: userActor(user),
    address,
    deployment: null,
    subject: { kind: 'session', id: user.id, name: user.username },
    changes: [],
  }
}

function methodOf({ method }: SignInAttempt): NewActivityEntry['changes'][number] {
  return { field: 'method', before: null, after: method }
}

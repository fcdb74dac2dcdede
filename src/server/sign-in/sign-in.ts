import { createHmac, hkdfSync } from 'node:crypto'
import { Problem } from '../../contract/http/problem.ts'
import type { Principal, OpenSession, SignIn } from '../../management/ports.ts'
import type { Store } from '../../store/store.ts'
import { createSignInLimiter } from '../../throttle/sign-in-limiter.ts'
import type { OpenIdSettings } from '../config/config.ts'
import { createRecorder, refusedSignIn, signedOut } from './activity-entries.ts'
import { digestOf } from './adapter.ts'
import { clearedCookie, cookiesNamed, sessionCookies } from './cookies.ts'
import { createLibrary, PasswordOutdated, signInScope, type SignInScope } from './library.ts'
import { createOpenId } from './open-id.ts'
import type { Passwords } from './passwords.ts'
import { throughLibrary } from './store-faults.ts'

export type SignInPorts = {
  store: Store
  passwords: Passwords
  /** Null where there is no provider to sign in by. */
  openId: OpenIdSettings | null
  /** Where browsers reach Latchkey. */
  origin: string
  /** Of the data folder; what signs cookies is derived from it. */
  encryptionKey: Uint8Array
  now: () => Date
  /** Told of an error that the answer doesn't show; what it gets never holds a secret. */
  onError: (error: unknown) => void
  /** How long an OpenID provider may take, in milliseconds. */
  providerTimeout: number
}

/** How long a session lives, however much it is used, in milliseconds. */
const LIFETIME = 7 * 24 * 60 * 60 * 1000

type Found = OpenSession & { tokenHash: string }

/** How people sign in to the server: the library's sessions, with what it leaves to its host. */
export function createSignIn(ports: SignInPorts): SignIn {
  const { store, passwords, origin, encryptionKey, now } = ports
  const secretFor = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `latchkey ${purpose}`, 32))
  const cookies = sessionCookies(origin.startsWith('https:'))
  const libraryPorts = {
    store,
    passwords,
    recorder: createRecorder(now),
    origin,
    cookies,
    secret: secretFor('session cookies').toString('base64'),
  }
  const library = createLibrary(libraryPorts)
  const attemptSecret = secretFor('failed attempts')
  const throttle = createSignInLimiter(store.failedAttempts, {
    digest: (text) => createHmac('sha256', attemptSecret).update(text).digest('base64url'),
    now,
  })
  const openId = ports.openId && createOpenId(ports.openId, { ...ports, ...libraryPorts, throttle })

  const cookieOf = (request: Request) =>
    cookiesNamed(request.headers.get('cookie'), [cookies.session])

  async function find(cookie: string): Promise<Found | undefined> {
    if (cookie === '') return undefined
    const { headers, response } = await throughLibrary(() =>
      library.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
    )
    if (!response) return undefined
    const { session, user } = response
    const tokenHash = digestOf(session.token)
    const end = session.createdAt.getTime() + LIFETIME
    if (end <= now().getTime()) {
      await store.sessions.remove(tokenHash)
      return undefined
    }
    const record = await store.users.get(user.id)
    return (
      record && {
        session: {
          kind: 'user',
          id: record.id,
          name: record.username,
          role: record.role,
          hasPassword: record.signIn === 'password',
          expiresAt: new Date(Math.min(end, session.expiresAt.getTime())).toISOString(),
        },
        tokenHash,
        cookies: headers.getSetCookie(),
      }
    )
  }

  async function countTry(name: string, address: string | null): Promise<void> {
    const seconds = await throttle.count(name, address)
    if (seconds === undefined) return
    const detail = `Too many tries. Wait ${inWords(seconds)}, then try again.`
    throw new Problem(429, detail, [], seconds)
  }

  /** What is slowed down isn't recorded: nobody can fill Activity faster than they may try. */
  async function refuse(
    user: { id: string; username: string } | undefined,
    { method, address }: Pick<SignInScope, 'method' | 'address'>,
    problem: Problem,
  ): Promise<never> {
    const at = now().toISOString()
    await store.activity.add(refusedSignIn(user, { at, address, method }))
    throw problem
  }

  /** Who has this name, and the hash that this password is right by, where it is. */
  async function prove(username: string, password: string) {
    const user = await store.users.forSignIn(username)
    const passwordHash = user?.passwordHash ?? null
    const isRight = await passwords.verify(password, passwordHash)
    return { user, proved: isRight && passwordHash !== null ? { username, passwordHash } : null }
  }

  /** Asks the library; 'outdated' where the password was changed since it was proved. */
  async function asked(
    scope: SignInScope,
    ask: () => Promise<Response>,
  ): Promise<Response | 'outdated'> {
    try {
      return await throughLibrary(() => signInScope.run(scope, ask))
    } catch (error) {
      if (error instanceof PasswordOutdated) return 'outdated'
      throw error
    }
  }

  function endSessions(
    action: 'session.signOut' | 'session.signOutEverywhere',
    { actor, address }: Principal,
    end: (sessions: Store['sessions']) => Promise<unknown>,
  ): Promise<void> {
    return store.transaction(async ({ sessions, activity }) => {
      await end(sessions)
      const user = { id: actor.id, username: actor.name }
      await activity.add(signedOut(action, user, { at: now().toISOString(), address }))
    })
  }

  return {
    options: () => ({ password: true, openId: openId && { name: openId.name } }),
    sessionOf: (request) => find(cookieOf(request)),
    hashPassword: (password) => passwords.hash(password),

    async signIn(request, credentials, address) {
      const { password } = credentials
      const username = credentials.username.toLowerCase()
      const method = 'password'
      await countTry(username, address)
      // Before the library looks, since it takes less time over some refusals than over others.
      const { user, proved } = await prove(username, password)
      if (!proved) return refuse(user, { method, address }, wrongCredentials())
      const replaced = (await find(cookieOf(request)))?.tokenHash
      const scope = {
        method,
        address,
        proved,
        ...(replaced !== undefined && { replaced }),
      } as const
      const answer = await asked(scope, () =>
        library.api.signInUsername({
          body: { username, password },
          headers: agentOf(request),
          asResponse: true,
        }),
      )
      if (answer === 'outdated' || answer.status === 401) {
        return refuse(user, { method, address }, wrongCredentials())
      }
      if (!answer.ok) throw new Error(`the sign-in library answered ${answer.status}`)
      await throttle.forgive(username, address)
      await store.sessions.prune(now().toISOString())
      const set = answer.headers.getSetCookie()
      const open = await find(cookiesNamed(set.join(';'), [cookies.session]))
      // Whoever changed the password in between has ended it.
      if (!open) throw wrongCredentials()
      return { ...open, cookies: set }
    },

    async signOut(request, caller) {
      const found = await find(cookieOf(request))
      if (found) {
        await endSessions('session.signOut', caller, (sessions) => sessions.remove(found.tokenHash))
      }
      return [clearedCookie(cookies)]
    },

    async signOutEverywhere(_request, caller) {
      const { id } = caller.actor
      await endSessions('session.signOutEverywhere', caller, (all) => all.removeOfUser(id))
      return [clearedCookie(cookies)]
    },

    async changePassword(request, change, { actor, address }) {
      const method = 'passwordChange'
      const user = await store.users.get(actor.id)
      if (user?.signIn === 'openId') {
        const provider = openId?.name ?? 'OpenID'
        const detail = `You sign in through ${provider} and have no password here.`
        throw new Problem(422, `Nothing was changed. ${detail}`, [
          { field: 'currentPassword', detail },
        ])
      }
      await countTry(actor.name, address)
      const { proved } = await prove(actor.name, change.currentPassword)
      if (!proved) return refuse(user, { method, address }, wrongCurrentPassword())
      const headers = agentOf(request)
      headers.set('cookie', cookieOf(request))
      const answer = await asked({ method, address, proved }, () =>
        library.api.changePassword({
          body: { ...change, revokeOtherSessions: true },
          headers,
          asResponse: true,
        }),
      )
      if (answer === 'outdated' || answer.status === 400) {
        return refuse(user, { method, address }, wrongCurrentPassword())
      }
      if (!answer.ok) throw new Error(`the sign-in library answered ${answer.status}`)
      await throttle.forgive(actor.name, address)
      return answer.headers.getSetCookie()
    },

    startOpenId: async () => (openId ?? noOpenId()).start(),
    finishOpenId: async (request, address) => (openId ?? noOpenId()).finish(request, address),
  }
}

/** All that the library hears of a request that signs in: what the user is shown of a session. */
function agentOf(request: Request): Headers {
  return new Headers({ 'user-agent': (request.headers.get('user-agent') ?? '').slice(0, 200) })
}

function wrongCredentials(): Problem {
  return new Problem(401, 'User name or password is wrong.')
}

function wrongCurrentPassword(): Problem {
  const detail = 'This is not your current password.'
  return new Problem(422, `Nothing was changed. ${detail}`, [{ field: 'currentPassword', detail }])
}

function noOpenId(): never {
  throw new Problem(404, 'OpenID sign-in is not set up here. Use a user name and password.')
}

function inWords(seconds: number): string {
  if (seconds === 1) return '1 second'
  if (seconds < 60) return `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

import { createHmac, hkdfSync } from 'node:crypto'
import { Problem } from '../../contract/http/problem.ts'
import type { Principal, SignIn } from '../../management/ports.ts'
import type { Store, StoreParts } from '../../store/store.ts'
import { createSignInLimiter } from '../../throttle/sign-in-limiter.ts'
import type { OpenIdSettings } from '../config/config.ts'
import {
  passwordChanged,
  refusedSignIn,
  signedIn,
  signedOut,
  type SignInAttempt,
} from './activity-entries.ts'
import { signInCookies } from './cookies.ts'
import { createOpenId } from './open-id.ts'
import type { Passwords } from './passwords.ts'
import { Sessions } from './sessions.ts'

export type SignInPorts = {
  store: Store
  passwords: Passwords
  /** Null if no OpenID provider is configured. */
  openId: OpenIdSettings | null
  /** Origin under which browsers reach Latchkey. */
  origin: string
  /** Encryption key of the store, from which other secrets are derived. */
  encryptionKey: Uint8Array
  now: () => Date
  /** Called with errors that the response doesn't show; they never hold a secret. */
  onError: (error: unknown) => void
  /** Timeout for requests to the OpenID provider in milliseconds. */
  providerTimeout: number
}

/** A password that was verified, by the hash that it was verified against. */
type Verified = { id: string; username: string; passwordHash: string }

/** Sign-in by password and OpenID Connect, with sessions in the store. */
export function createSignIn(ports: SignInPorts): SignIn {
  const { store, passwords, origin, encryptionKey, now } = ports
  const secretFor = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', encryptionKey, '', `latchkey ${purpose}`, 32))
  const cookies = signInCookies(origin.startsWith('https:'))
  const secret = secretFor('session cookies').toString('base64')
  const sessions = new Sessions({ store, cookies, secret, now })
  const attemptSecret = secretFor('failed attempts')
  const limiter = createSignInLimiter(store.failedAttempts, {
    digest: (text) => createHmac('sha256', attemptSecret).update(text).digest('base64url'),
    now,
  })
  const openId =
    ports.openId && createOpenId(ports.openId, { ...ports, cookies, sessions, limiter })

  async function countAttempt(name: string, address: string | null): Promise<void> {
    const seconds = await limiter.count(name, address)
    if (seconds === undefined) return
    const detail = `Too many tries. Wait ${inWords(seconds)}, then try again.`
    throw new Problem(429, detail, [], seconds)
  }

  const attempt = (method: SignInAttempt['method'], address: string | null): SignInAttempt => ({
    at: now().toISOString(),
    address,
    method,
  })

  /** Records a refused sign-in. Rate-limited ones aren't recorded: they would flood Activity. */
  async function refuse(
    user: { id: string; username: string } | undefined,
    refused: SignInAttempt,
    problem: Problem,
  ): Promise<never> {
    await store.activity.add(refusedSignIn(user, refused))
    throw problem
  }

  /** Verifies a password with equal work whether the user exists, has a password or not. */
  async function verify(username: string, password: string) {
    const user = await store.users.forSignIn(username)
    const passwordHash = user?.passwordHash ?? null
    const isRight = await passwords.verify(password, passwordHash)
    const verified = user && passwordHash !== null && isRight ? { ...user, passwordHash } : null
    return { user, verified }
  }

  /**
   * Runs work in a transaction if the verified password is still the user's; undefined otherwise.
   * A new password ends all sessions, so no session may be opened by the old one afterwards.
   */
  function whileCurrent<Result>(
    { username, passwordHash }: Verified,
    work: (parts: StoreParts) => Promise<Result>,
  ): Promise<Result | undefined> {
    return store.transaction(async (parts) => {
      const current = await parts.users.forSignIn(username)
      return current?.passwordHash === passwordHash ? work(parts) : undefined
    })
  }

  function endSessions(
    action: 'session.signOut' | 'session.signOutEverywhere',
    { actor, address }: Principal,
    end: (sessions: Store['sessions']) => Promise<unknown>,
  ): Promise<void> {
    return store.transaction(async (parts) => {
      await end(parts.sessions)
      const user = { id: actor.id, username: actor.name }
      await parts.activity.add(signedOut(action, user, { at: now().toISOString(), address }))
    })
  }

  return {
    options: () => ({ password: true, openId: openId && { name: openId.name } }),
    sessionOf: (request) => sessions.find(request),
    hashPassword: (password) => passwords.hash(password),

    async signIn(request, credentials, address) {
      const username = credentials.username.toLowerCase()
      await countAttempt(username, address)
      const { user, verified } = await verify(username, credentials.password)
      const trying = attempt('password', address)
      if (!verified) return refuse(user, trying, wrongCredentials())
      const cookie = await whileCurrent(verified, async (parts) => {
        const userId = verified.id
        await parts.users.noteSignIn(userId, trying.at)
        await parts.activity.add(signedIn(verified, trying))
        return sessions.open(parts, request, { userId, method: 'password', address })
      })
      if (cookie === undefined) return refuse(user, trying, wrongCredentials())
      await limiter.forgive(username, address)
      await store.sessions.prune(trying.at)
      const open = await sessions.find(withCookie(request, cookie))
      // A new password can have ended the session at once.
      if (!open) throw wrongCredentials()
      return { ...open, cookies: [cookie] }
    },

    async signOut(request, principal) {
      const tokenHash = await sessions.tokenHash(request)
      if (tokenHash !== undefined && (await store.sessions.get(tokenHash))) {
        await endSessions('session.signOut', principal, (all) => all.remove(tokenHash))
      }
      return [sessions.clearedCookie()]
    },

    async signOutEverywhere(_request, principal) {
      const { id } = principal.actor
      await endSessions('session.signOutEverywhere', principal, (all) => all.removeOfUser(id))
      return [sessions.clearedCookie()]
    },

    async changePassword(request, { currentPassword, newPassword }, { actor, address }) {
      const user = await store.users.get(actor.id)
      if (user?.signIn === 'openId') throw noPassword(openId?.name ?? 'OpenID')
      await countAttempt(actor.name, address)
      const { verified } = await verify(actor.name, currentPassword)
      const trying = attempt('passwordChange', address)
      if (!verified) return refuse(user, trying, wrongCurrentPassword())
      const passwordHash = await passwords.hash(newPassword)
      const cookie = await whileCurrent(verified, async (parts) => {
        const userId = verified.id
        await parts.users.setPassword(userId, passwordHash, trying.at)
        await parts.sessions.removeOfUser(userId)
        await parts.activity.add(passwordChanged(verified, trying))
        return sessions.open(parts, request, { userId, method: 'passwordChange', address })
      })
      if (cookie === undefined) return refuse(user, trying, wrongCurrentPassword())
      await limiter.forgive(actor.name, address)
      return [cookie]
    },

    startOpenId: async () => (openId ?? noOpenId()).start(),
    finishOpenId: async (request, address) => (openId ?? noOpenId()).finish(request, address),
  }
}

function withCookie(request: Request, setCookie: string): Request {
  const [cookie = ''] = setCookie.split(';', 1)
  return new Request(request.url, { headers: { cookie } })
}

function wrongCredentials(): Problem {
  return new Problem(401, 'User name or password is wrong.')
}

function wrongCurrentPassword(): Problem {
  const detail = 'This is not your current password.'
  return new Problem(422, `Nothing was changed. ${detail}`, [{ field: 'currentPassword', detail }])
}

function noPassword(provider: string): Problem {
  const detail = `You sign in through ${provider} and have no password here.`
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

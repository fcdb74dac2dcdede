import { hash, randomBytes } from 'node:crypto'
import type { OpenSession } from '../../management/ports.ts'
import type { NewSession } from '../../store/people/sessions.ts'
import type { Store, StoreParts } from '../../store/store.ts'
import { clearSession, readSession, setSession, type SignInCookies } from './cookies.ts'

/** How long a session lives without use, and at most, in milliseconds. */
const IDLE_MS = 12 * 60 * 60 * 1000
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000
/** A session in use is extended at most this often, in milliseconds. */
const EXTEND_AFTER_MS = 10 * 60 * 1000

const TOKEN_BYTES = 32

export type SessionsPorts = {
  store: Store
  cookies: SignInCookies
  /** Signs cookies; the same for all servers on one store. */
  secret: string
  now: () => Date
}

/** The sessions of people: random tokens in signed cookies, of which the store has only hashes. */
export class Sessions {
  readonly #ports: SessionsPorts

  constructor(ports: SessionsPorts) {
    this.#ports = ports
  }

  /** SHA-256 of the session token that a request carries, in hex; undefined without one. */
  async tokenHash(request: Request): Promise<string | undefined> {
    const token = await this.#token(request)
    return token === undefined ? undefined : hash('sha256', token, 'hex')
  }

  /** The valid session of a request. Extends it, and gives the cookie to set then. */
  async find(request: Request): Promise<OpenSession | undefined> {
    const token = await this.#token(request)
    if (token === undefined) return undefined
    const tokenHash = hash('sha256', token, 'hex')
    const { store, now } = this.#ports
    const session = await store.sessions.get(tokenHash)
    if (!session) return undefined
    const time = now().getTime()
    const end = Date.parse(session.createdAt) + LIFETIME_MS
    let expiresAt = Date.parse(session.expiresAt)
    if (Math.min(end, expiresAt) <= time) {
      await store.sessions.remove(tokenHash)
      return undefined
    }
    const isExtended = expiresAt < time + IDLE_MS - EXTEND_AFTER_MS
    if (isExtended) {
      expiresAt = time + IDLE_MS
      const times = { at: now().toISOString(), expiresAt: new Date(expiresAt).toISOString() }
      await store.sessions.extend(tokenHash, times)
    }
    const user = await store.users.get(session.userId)
    return (
      user && {
        session: {
          kind: 'user',
          id: user.id,
          name: user.username,
          role: user.role,
          hasPassword: user.signIn === 'password',
          expiresAt: new Date(Math.min(end, expiresAt)).toISOString(),
        },
        cookies: isExtended ? [await this.#cookie(token)] : [],
      }
    )
  }

  /**
   * Opens a session within a transaction, in place of the one that the request carries.
   *
   * @returns the cookie to set
   */
  async open(
    { sessions }: StoreParts,
    request: Request,
    session: Pick<NewSession, 'userId' | 'method' | 'address'>,
  ): Promise<string> {
    const { now } = this.#ports
    const replaced = await this.tokenHash(request)
    if (replaced !== undefined) await sessions.remove(replaced)
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    await sessions.create({
      ...session,
      id: randomBytes(12).toString('base64url'),
      tokenHash: hash('sha256', token, 'hex'),
      createdAt: now().toISOString(),
      expiresAt: new Date(now().getTime() + IDLE_MS).toISOString(),
    })
    return this.#cookie(token)
  }

  /** The `Set-Cookie` value that deletes the session's cookie. */
  clearedCookie(): string {
    return clearSession(this.#ports.cookies)
  }

  #token(request: Request): Promise<string | undefined> {
    return readSession(request, this.#ports.cookies, this.#ports.secret)
  }

  #cookie(token: string): Promise<string> {
    const { cookies, secret } = this.#ports
    return setSession(cookies, token, { secret, maxAge: IDLE_MS / 1000 })
  }
}

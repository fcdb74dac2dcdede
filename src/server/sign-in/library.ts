import { AsyncLocalStorage } from 'node:async_hooks'
import { betterAuth } from 'better-auth/minimal'
import { genericOAuth, type GenericOAuthConfig } from 'better-auth/plugins/generic-oauth'
import { username } from 'better-auth/plugins/username'
import { usernameSchema } from '../../contract/accounts/schemas.ts'
import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import { PASSWORD_MAX, PASSWORD_MIN, USERNAME_MAX } from '../../contract/http/limits.ts'
import type { Store } from '../../store/store.ts'
import { authAdapter, type Recorder } from './adapter.ts'
import type { SessionCookies } from './cookies.ts'
import type { Passwords } from './passwords.ts'

/** What the library's hooks have to know of the request they run for. */
export type SignInScope = {
  method: 'password' | 'openId' | 'passwordChange'
  address: string | null
  /** Whose stored hash the password of this request was checked against and found right. */
  proved?: { username: string; passwordHash: string }
  /** The session that the new one takes the place of. */
  replaced?: string
  /** Set where nobody waits for the outcome any more: nothing may come of it. */
  abandoned?: boolean
}

/** Something was to change by a password that isn't the user's any more; nothing did. */
export class PasswordOutdated extends Error {}

/** The scope of the sign-in under way. */
export const signInScope = new AsyncLocalStorage<SignInScope>()

export type LibraryPorts = {
  store: Store
  passwords: Passwords
  recorder: Recorder
  /** Where browsers reach Latchkey. */
  origin: string
  cookies: SessionCookies
  /** Signs cookies; the same for all servers on one store. */
  secret: string
}

/** How long a session lives without being used, in seconds. */
const IDLE_SECONDS = 12 * 60 * 60
const RENEWED_AFTER_SECONDS = 10 * 60

/**
 * The sign-in library, set up. Its own HTTP handler isn't used, but its functions are: what it
 * offers there beyond Latchkey's routes doesn't exist.
 *
 * An OpenID provider that gives no answer would hold up everything of an instance that has
 * it, so that there are two: one with, for OpenID alone, and one without.
 */
export function createLibrary(
  { store, passwords, recorder, origin, cookies, secret }: LibraryPorts,
  openId?: GenericOAuthConfig,
) {
  return betterAuth({
    baseURL: origin,
    basePath: `${MANAGEMENT_BASE}/session/openid`,
    secret,
    trustedOrigins: [origin],
    database: authAdapter(store, recorder),
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Its limiter sees its HTTP handler alone; ours is in throttle.ts.
    rateLimit: { enabled: false },
    onAPIError: { errorURL: `${origin}/sign-in` },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      password: {
        hash: (password) => passwords.hash(password),
        verify: async ({ hash, password }) =>
          signInScope.getStore()?.proved?.passwordHash === hash || passwords.verify(password, hash),
      },
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: { role: { type: 'string', input: false, defaultValue: 'viewer' } },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'user_id',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      additionalFields: { method: { type: 'string', input: false } },
      expiresIn: IDLE_SECONDS,
      updateAge: RENEWED_AFTER_SECONDS,
      // A cache in the cookie would outlive a revocation.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      updateAccountOnSignIn: false,
      storeStateStrategy: 'cookie',
      // Users are told apart by provider and subject, never by an e-mail address.
      accountLinking: { enabled: false },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const scope = signInScope.getStore()
            if (!scope || scope.abandoned) throw new Error('nobody waits for this session')
            return { data: { ...session, method: scope.method, ipAddress: scope.address } }
          },
        },
      },
      account: {
        create: {
          // What a provider's tokens open is none of Latchkey's business.
          before: async (account) => ({
            data: {
              ...account,
              accessToken: undefined,
              refreshToken: undefined,
              idToken: undefined,
              accessTokenExpiresAt: undefined,
              refreshTokenExpiresAt: undefined,
              scope: undefined,
            },
          }),
        },
      },
    },
    advanced: {
      // The names carry their prefix already.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, secure: cookies.isSecure, path: '/' },
      cookies: {
        session_token: { name: cookies.session, attributes: { sameSite: 'strict' } },
        // It has to come back with the redirect from the provider's site.
        oauth_state: { name: cookies.state, attributes: { sameSite: 'lax' } },
      },
      database: { validateSchema: false },
    },
    plugins: [
      username({
        displayUsername: false,
        minUsernameLength: 1,
        maxUsernameLength: USERNAME_MAX,
        usernameValidator: (name) => usernameSchema.safeParse(name).success,
      }),
      ...(openId ? [genericOAuth({ config: [openId] })] : []),
    ],
  })
}

export type Library = ReturnType<typeof createLibrary>

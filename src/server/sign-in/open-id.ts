import { randomBytes } from 'node:crypto'
import * as openid from 'openid-client'
import { z } from 'zod'
import type { SignInError } from '../../contract/accounts/sign-in-errors.ts'
import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import { USERNAME_MAX } from '../../contract/http/limits.ts'
import { routes } from '../../contract/routes.ts'
import type { Store } from '../../store/store.ts'
import type { SignInLimiter } from '../../throttle/sign-in-limiter.ts'
import type { OpenIdSettings } from '../config/config.ts'
import { newUser, refusedSignIn, signedIn } from './activity-entries.ts'
import { readState, setState, type SignInCookies } from './cookies.ts'
import type { Sessions } from './sessions.ts'

type OpenIdPorts = {
  store: Store
  sessions: Sessions
  cookies: SignInCookies
  limiter: SignInLimiter
  /** Origin under which browsers reach Latchkey. */
  origin: string
  now: () => Date
  /** Called with the reason why the provider could not be used; it never holds a secret. */
  onError: (error: unknown) => void
  /** Timeout for requests to the provider in milliseconds. */
  providerTimeout: number
}

export type OpenId = {
  name: string
  /** Redirects to the provider, or back to the console with an error. */
  start(): Promise<Response>
  /** Handles the provider's redirect: signs in, or goes back to the console with an error. */
  finish(request: Request, address: string | null): Promise<Response>
}

/** What the callback has to match. It stays in the browser, in a cookie, for ten minutes. */
const pendingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })
const PENDING_SECONDS = 600

const LIMITER_NAME = 'openid'

/** A refused sign-in, by the error that the console shows. */
class SignInRefused extends Error {
  readonly reason: SignInError

  constructor(reason: SignInError) {
    super(`sign-in refused: ${reason}`)
    this.name = 'SignInRefused'
    this.reason = reason
  }
}

/**
 * Sign-in by OpenID Connect: authorization code flow with PKCE, state and nonce (OpenID Connect Core
 * section 3.1, RFC 7636, RFC 9207). Users are identified by the provider's subject, never by an
 * e-mail address, and the provider's tokens aren't stored.
 */
export function createOpenId(settings: OpenIdSettings, ports: OpenIdPorts): OpenId {
  const { store, sessions, origin, cookies, limiter, now, onError, providerTimeout } = ports
  const redirectUri = `${origin}${MANAGEMENT_BASE}${routes.finishOpenId.path}`
  let discovered: Promise<openid.Configuration> | undefined

  /** The provider's metadata. Read on first use, and again after a failure. */
  function provider(): Promise<openid.Configuration> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  async function discover(): Promise<openid.Configuration> {
    const issuer = new URL(settings.issuer)
    // Settings allow plain HTTP for a provider on this machine only.
    const isPlain = issuer.protocol === 'http:'
    const { clientId, clientSecret } = settings
    const config = await openid.discovery(issuer, clientId, clientSecret.reveal(), undefined, {
      timeout: providerTimeout / 1000,
      ...(isPlain && { execute: [openid.allowInsecureRequests] }),
    })
    // Verifies the signatures of ID tokens, which the standard leaves to TLS.
    openid.enableNonRepudiationChecks(config)
    return config
  }

  /** Exchanges the code of a callback and returns who it is about. */
  async function authenticate(request: Request): Promise<{ subject: string; username: string }> {
    const pending = parsePending(readState(request, cookies))
    const { search, searchParams } = new URL(request.url)
    if (!pending || searchParams.get('state') !== pending.state) throw new SignInRefused('failed')
    if (searchParams.get('error') === 'access_denied') throw new SignInRefused('refused')
    const config = await provider()
    const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri}${search}`), {
      pkceCodeVerifier: pending.verifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new SignInRefused('failed')
    const { userinfo_endpoint: userInfo } = config.serverMetadata()
    const profile = userInfo
      ? await openid.fetchUserInfo(config, tokens.access_token, claims.sub)
      : claims
    return { subject: claims.sub, username: toUsername(profile) }
  }

  /** Opens a session for a subject, whose user is added at the first sign-in. */
  function signIn(
    request: Request,
    { subject, username }: { subject: string; username: string },
    address: string | null,
  ): Promise<string> {
    return store.transaction(async (parts) => {
      const { users, activity } = parts
      const at = now().toISOString()
      let user = await users.forSubject(subject)
      if (!user) {
        user = { id: randomBytes(12).toString('base64url'), username }
        const role = 'viewer' as const
        const isAdded = await users.create({ ...user, role, createdAt: at, subject })
        if (!isAdded) throw new SignInRefused('nameTaken')
        await activity.add(newUser(user, { role, signIn: 'openId', at, address }))
      }
      await users.noteSignIn(user.id, at)
      await activity.add(signedIn(user, { at, address, method: 'openId' }))
      return sessions.open(parts, request, { userId: user.id, method: 'openId', address })
    })
  }

  /** Records a refused sign-in, unless there are too many from one address. */
  async function recordRefusal(address: string | null): Promise<void> {
    if ((await limiter.count(LIMITER_NAME, address)) !== undefined) return
    const at = now().toISOString()
    await store.activity.add(refusedSignIn(undefined, { at, address, method: 'openId' }))
  }

  const backToSignIn = (error: SignInError, ...setCookies: string[]) =>
    redirect(`${origin}/sign-in?error=${error}`, setCookies)

  return {
    name: settings.name,

    async start() {
      try {
        const config = await provider()
        const pending = {
          state: openid.randomState(),
          nonce: openid.randomNonce(),
          verifier: openid.randomPKCECodeVerifier(),
        }
        const url = openid.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: 'openid profile',
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
          code_challenge_method: 'S256',
        })
        return redirect(url.href, [setState(cookies, JSON.stringify(pending), PENDING_SECONDS)])
      } catch (error) {
        onError(error)
        return backToSignIn('unavailable')
      }
    },

    async finish(request, address) {
      const cleared = setState(cookies, '', 0)
      try {
        const sessionCookie = await signIn(request, await authenticate(request), address)
        return redirect(`${origin}/`, [cleared, sessionCookie])
      } catch (error) {
        if (!(error instanceof SignInRefused)) onError(error)
        if (isUnavailable(error)) return backToSignIn('unavailable')
        // A failed entry must not hide the reason from the person at the browser.
        await recordRefusal(address).catch(onError)
        return backToSignIn(error instanceof SignInRefused ? error.reason : 'failed', cleared)
      }
    },
  }
}

function parsePending(text: string | undefined): z.infer<typeof pendingSchema> | undefined {
  try {
    return pendingSchema.parse(JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}

/** Whether the provider gave no response: a network error or a timeout. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof openid.ClientError) return error.code === 'OAUTH_TIMEOUT'
  return error instanceof TypeError && error.message === 'fetch failed'
}

/** A user name of Latchkey's form for a provider's user. */
function toUsername({ preferred_username: preferred, sub }: openid.UserInfoResponse): string {
  const given = typeof preferred === 'string' && preferred !== '' ? preferred : sub
  const fitted = given.toLowerCase().replaceAll(/[^a-z0-9._@-]/g, '-')
  return fitted.replace(/^[^a-z0-9]+/, '').slice(0, USERNAME_MAX) || 'user'
}

function redirect(location: string, setCookies: readonly string[]): Response {
  const headers = new Headers({ location })
  for (const cookie of setCookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

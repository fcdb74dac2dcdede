import { createHash } from 'node:crypto'
import type { GenericOAuthConfig } from 'better-auth/plugins/generic-oauth'
import { z } from 'zod'
import type { SignInError } from '../../contract/accounts/sign-in-errors.ts'
import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import { USERNAME_MAX } from '../../contract/http/limits.ts'
import { routes } from '../../contract/routes.ts'
import type { SignInLimiter } from '../../throttle/sign-in-limiter.ts'
import type { OpenIdSettings } from '../config/config.ts'
import { refusedSignIn } from './activity-entries.ts'
import { cookiesNamed } from './cookies.ts'
import { createLibrary, signInScope, type Library, type LibraryPorts } from './library.ts'

type OpenIdPorts = LibraryPorts & {
  throttle: SignInLimiter
  now: () => Date
  /** Told why the provider could not be used; what it gets never holds a secret. */
  onError: (error: unknown) => void
  /** How long a provider may take, in milliseconds. */
  providerTimeout: number
}

export type OpenId = {
  name: string
  start(): Promise<Response>
  finish(request: Request, address: string | null): Promise<Response>
}

const PROVIDER = 'openid'

const discoverySchema = z.object({ issuer: z.string() })

/** Sign-in by OpenID Connect: the code flow with PKCE, state and nonce. */
export function createOpenId(settings: OpenIdSettings, ports: OpenIdPorts): OpenId {
  const { store, origin, cookies, throttle, now, onError, providerTimeout } = ports
  const discoveryUrl = `${withoutSlash(settings.issuer)}/.well-known/openid-configuration`
  const home = `${origin}/`
  let opened: Promise<Library> | undefined

  /** The library with the provider, once that has answered. */
  function open(): Promise<Library> {
    opened ??= connect().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  async function connect(): Promise<Library> {
    // Asked before, since the library's own first request would wait for ever.
    const answer = await fetch(discoveryUrl, { signal: AbortSignal.timeout(providerTimeout) })
    if (!answer.ok) throw new Error(`the OpenID provider's discovery answered ${answer.status}`)
    const { issuer } = discoverySchema.parse(await answer.json())
    // Another's document could send people, and the codes they bring back, elsewhere.
    if (withoutSlash(issuer) !== withoutSlash(settings.issuer))
      throw new Error(`the OpenID provider calls itself ${issuer}`)
    const library = createLibrary(ports, providerConfig(settings, { discoveryUrl, origin }))
    await within(providerTimeout, library.$context)
    return library
  }

  function refused(error: SignInError, setCookies: string[] = []): Response {
    return redirect(`${origin}/sign-in?error=${error}`, setCookies)
  }

  /** Records a refused sign-in, as long as there aren't too many from one address. */
  async function recordRefusal(address: string | null): Promise<void> {
    if ((await throttle.count(PROVIDER, address)) !== undefined) return
    const at = now().toISOString()
    await store.activity.add(refusedSignIn(undefined, { at, address, method: 'openId' }))
  }

  return {
    name: settings.name,

    async start() {
      try {
        const library = await open()
        const { headers, response } = await library.api.signInSocial({
          body: {
            provider: PROVIDER,
            callbackURL: home,
            errorCallbackURL: `${origin}/sign-in`,
            disableRedirect: true,
          },
          headers: new Headers(),
          returnHeaders: true,
        })
        if (response.url === undefined) throw new Error('the provider has no address to go to')
        return redirect(response.url, headers.getSetCookie())
      } catch (error) {
        onError(error)
        return refused('unavailable')
      }
    },

    async finish(request, address) {
      const scope = { method: 'openId' as const, address, abandoned: false }
      const headers = new Headers({
        cookie: cookiesNamed(request.headers.get('cookie'), [cookies.state]),
        'user-agent': (request.headers.get('user-agent') ?? '').slice(0, 200),
      })
      const query = Object.fromEntries(new URL(request.url).searchParams)
      let answer: Response
      try {
        const library = await open()
        const asked = signInScope.run(scope, () =>
          library.api.callbackOAuth({
            method: 'GET',
            params: { id: PROVIDER },
            query,
            headers,
            asResponse: true,
          }),
        )
        answer = await within(providerTimeout, asked)
      } catch (error) {
        scope.abandoned = true
        onError(error)
        return refused('unavailable')
      }
      const location = answer.headers.get('location')
      const setCookies = answer.headers.getSetCookie()
      if (answer.status === 302 && location === home) return redirect(home, setCookies)
      // A person is behind this, who is told the same where it can't be written down.
      await recordRefusal(address).catch(onError)
      return refused(
        errorOf(location),
        setCookies.filter((cookie) => cookie.startsWith(`${cookies.state}=`)),
      )
    },
  }
}

function providerConfig(
  { clientId, clientSecret }: OpenIdSettings,
  { discoveryUrl, origin }: { discoveryUrl: string; origin: string },
): GenericOAuthConfig {
  return {
    providerId: PROVIDER,
    discoveryUrl,
    clientId,
    clientSecret: clientSecret.reveal(),
    scopes: ['openid', 'profile'],
    pkce: true,
    redirectURI: `${origin}${MANAGEMENT_BASE}${routes.finishOpenId.path}`,
    requireIdTokenVerification: true,
    // A token answer without an ID token passes the line above: whom it is about is unproved.
    accountSubject: ({ tokens, profile }) =>
      tokens.idToken && typeof profile['sub'] === 'string' ? profile['sub'] : '',
    mapProfileToUser: (profile) => {
      const username = usernameOf(profile)
      // The library wants an address; a real one could match somebody else's.
      const digest = createHash('sha256').update(String(profile['sub'])).digest('hex')
      return {
        username,
        name: username,
        email: `${digest}@openid.invalid`,
        emailVerified: false,
        image: undefined,
      }
    },
  }
}

/** A user name of Latchkey's form for a provider's user. */
function usernameOf({ preferred_username: preferred, sub }: Record<string, unknown>): string {
  const given = typeof preferred === 'string' && preferred !== '' ? preferred : String(sub)
  const fitted = given.toLowerCase().replaceAll(/[^a-z0-9._@-]/g, '-')
  return fitted.replace(/^[^a-z0-9]+/, '').slice(0, USERNAME_MAX) || 'user'
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}

function errorOf(location: string | null): SignInError {
  const error = URL.parse(location ?? '')?.searchParams.get('error')
  if (error === 'access_denied') return 'refused'
  return error === 'USERNAME_IS_ALREADY_TAKEN' ? 'nameTaken' : 'failed'
}

function redirect(location: string, setCookies: string[]): Response {
  const headers = new Headers({ location })
  for (const cookie of setCookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    timeout.reject(new Error('the OpenID provider gave no answer in time'))
  }, milliseconds)
  try {
    return await Promise.race([work, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}

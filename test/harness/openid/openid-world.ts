import {
  sessionSchema,
  userListSchema,
  type Session,
  type User,
} from '../../../src/contract/accounts/schemas.ts'
import { TestBrowser } from '../browser.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  startTestProvider,
  type TestProvider,
} from './openid-provider.ts'

/** Where the server is reached by browsers. */
export const ORIGIN = 'https://keys.example'
export const START = `${ORIGIN}/api/v1/session/openid`
export const CALLBACK = `${START}/callback`
export const SESSION_COOKIE = '__Host-latchkey-session'

/** A server, a provider that it signs people in by, and browsers to do it with. */
export type OpenIdWorld = {
  server: TestServer
  provider: TestProvider
  newBrowser(): TestBrowser
  /** Where signing in leads to in the end. */
  signIn(login: string, browser?: TestBrowser): Promise<string>
  /** Goes as far as the provider's answer, and gives the address that brings it back. */
  upToCallback(browser: TestBrowser, login: string): Promise<string>
  locationOf(browser: TestBrowser, url: string): Promise<string | null>
  /** The session of a browser, or the status that it gets for want of one. */
  sessionOf(browser: TestBrowser): Promise<Session | number>
  users(): Promise<User[]>
  stop(): Promise<void>
}

export const isEnd = (url: string) => url === `${ORIGIN}/` || url.startsWith(`${ORIGIN}/sign-in`)

/** A server that signs people in by the provider at this address. */
export function startServerFor(issuer: string): Promise<TestServer> {
  return startTestServer({
    providerTimeout: 1000,
    environment: {
      PUBLIC_URL: ORIGIN,
      OPENID_ISSUER: issuer,
      OPENID_CLIENT_ID: CLIENT_ID,
      OPENID_CLIENT_SECRET: CLIENT_SECRET,
      OPENID_NAME: 'Plant login',
    },
  })
}

export async function startOpenIdWorld(
  claimsOf?: (login: string) => Record<string, unknown>,
): Promise<OpenIdWorld> {
  const provider = await startTestProvider(ORIGIN, claimsOf)
  const server = await startServerFor(provider.issuer)
  const newBrowser = () => new TestBrowser({ [ORIGIN]: server.url })
  return {
    provider,
    server,
    newBrowser,
    signIn: (login, browser = newBrowser()) => browser.goOn(START, login, isEnd),
    upToCallback: (browser, login) => browser.goOn(START, login, (url) => url.startsWith(CALLBACK)),
    locationOf: async (browser, url) => (await browser.fetch(url)).headers.get('location'),
    async sessionOf(browser) {
      const answer = await browser.fetch(`${ORIGIN}/api/v1/session`)
      return answer.ok ? sessionSchema.parse(await answer.json()) : answer.status
    },
    async users() {
      return userListSchema.parse(await (await server.api('GET', '/users')).json()).items
    },
    async stop() {
      await server.stop()
      await provider.stop()
    },
  }
}

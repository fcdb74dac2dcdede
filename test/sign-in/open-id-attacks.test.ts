import { afterEach, beforeEach, expect, test } from 'vitest'
import { activityPageSchema } from '../../src/contract/activity/schemas.ts'
import type { TestBrowser } from '../harness/browser.ts'
import {
  CALLBACK,
  isEnd,
  ORIGIN,
  SESSION_COOKIE,
  START,
  startOpenIdWorld,
  type OpenIdWorld,
} from '../harness/openid/openid-world.ts'

let world: OpenIdWorld

beforeEach(async () => {
  world = await startOpenIdWorld()
})
afterEach(() => world.stop())

test('an answer is good in the browser that asked, once', async () => {
  const mine = world.newBrowser()
  const callback = await world.upToCallback(mine, 'mallory')
  const victim = world.newBrowser()
  await victim.fetch(START)
  for (const browser of [world.newBrowser(), victim]) {
    expect(await world.locationOf(browser, callback)).toBe(`${ORIGIN}/sign-in?error=failed`)
    expect(await world.sessionOf(browser)).toBe(401)
  }
  expect(await world.locationOf(mine, callback)).toBe(`${ORIGIN}/`)
  mine.cookies(ORIGIN).delete(SESSION_COOKIE)
  expect(await world.locationOf(mine, callback)).toBe(`${ORIGIN}/sign-in?error=failed`)
  expect(await world.sessionOf(mine)).toBe(401)
  const listed = await world.server.api('GET', '/activity?subject=session')
  const { items } = activityPageSchema.parse(await listed.json())
  const refused = items.filter(({ action }) => action === 'session.refuse')
  expect(refused.map(({ actor, subject }) => [actor.kind, subject.name])).toEqual([
    ['nobody', 'unknown user'],
    ['nobody', 'unknown user'],
    ['nobody', 'unknown user'],
  ])
})

test.each<[string, (browser: TestBrowser) => Promise<string | null>]>([
  [
    'no ID token',
    async (browser) => {
      world.provider.tamper(({ id_token: _id, ...others }) => others)
      return world.signIn('grace', browser)
    },
  ],
  [
    'an ID token that nobody signed',
    async (browser) => {
      world.provider.tamper((tokens) => {
        const [, claims] = (tokens.id_token ?? '').split('.')
        return { ...tokens, id_token: `${btoa('{"alg":"none"}').replaceAll('=', '')}.${claims}.` }
      })
      return world.signIn('grace', browser)
    },
  ],
  [
    'an ID token of somebody else',
    async (browser) => {
      const first = world.newBrowser()
      await world.signIn('ada', first)
      const [, old] = world.provider.tokens
      world.provider.tamper((tokens) => ({ ...tokens, id_token: String(old) }))
      return world.signIn('grace', browser)
    },
  ],
  [
    'another nonce',
    async (browser) => {
      const url = new URL((await world.locationOf(browser, START)) ?? '')
      url.searchParams.set('nonce', 'another-nonce-than-asked-for')
      return browser.goOn(url.href, 'grace', isEnd)
    },
  ],
  [
    'another state',
    async (browser) => {
      const url = new URL(await world.upToCallback(browser, 'grace'))
      url.searchParams.set('state', 'another-state-than-asked-for')
      return world.locationOf(browser, url.href)
    },
  ],
  [
    'another issuer',
    async (browser) => {
      const url = new URL(await world.upToCallback(browser, 'grace'))
      url.searchParams.set('iss', 'https://evil.example')
      return world.locationOf(browser, url.href)
    },
  ],
  [
    'another code',
    async (browser) => {
      const url = new URL(await world.upToCallback(browser, 'grace'))
      url.searchParams.set('code', 'a-code-that-was-made-up')
      return world.locationOf(browser, url.href)
    },
  ],
  ['nothing at all', (browser) => world.locationOf(browser, CALLBACK)],
])('an answer with %s lets nobody in', async (_, end) => {
  const browser = world.newBrowser()
  expect(await end(browser)).toBe(`${ORIGIN}/sign-in?error=failed`)
  expect(await world.sessionOf(browser)).toBe(401)
  expect((await world.users()).map(({ username }) => username)).not.toContain('grace')
})

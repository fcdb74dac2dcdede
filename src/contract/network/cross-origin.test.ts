import { expect, test } from 'vitest'
import { isCrossOrigin } from './cross-origin.ts'

const host = 'latchkey.lan:4080'

test('a page of another origin is told by what the browser says of it', () => {
  for (const site of ['cross-site', 'same-site', 'anything-else']) {
    expect(isCrossOrigin({ host, 'sec-fetch-site': site })).toBe(true)
  }
  for (const site of ['same-origin', 'none']) {
    expect(isCrossOrigin({ host, 'sec-fetch-site': site })).toBe(false)
  }
})

test('and by its origin, where the address is none for which browsers say more', () => {
  for (const origin of ['http://evil.example', 'http://latchkey.lan', 'null', '']) {
    expect(isCrossOrigin({ host, origin })).toBe(true)
  }
  expect(isCrossOrigin({ host, origin: 'http://latchkey.lan:4080' })).toBe(false)
})

test('what names no page is none, and the address that Latchkey is known by is its own', () => {
  expect(isCrossOrigin({ host })).toBe(false)
  const behindProxy = { host: '127.0.0.1:4080', origin: 'http://keys.example' }
  expect(isCrossOrigin(behindProxy)).toBe(true)
  expect(isCrossOrigin(behindProxy, 'http://keys.example')).toBe(false)
})

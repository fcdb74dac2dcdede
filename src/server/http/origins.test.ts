import { expect, test } from 'vitest'
import { isCrossOriginWrite, isAllowedHost, isAllowedSocketOrigin } from './origins.ts'

const PUBLIC = 'https://keys.example'

test('goes by its loopback names and by PUBLIC_URL’s, whatever the port', () => {
  const own = ['localhost', 'localhost:4080', '127.0.0.1:1', '127.0.0.2', '[::1]:4080', 'LOCALHOST']
  const local = { publicUrl: null, isPublic: false }
  expect(own.filter((host) => !isAllowedHost(host, local))).toEqual([])
  expect(isAllowedHost('keys.example', { publicUrl: PUBLIC, isPublic: false })).toBe(true)
  expect(isAllowedHost('keys.example', local)).toBe(false)
})

test('goes by no other name', () => {
  const others = [
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:4080',
    'localhost@evil.example',
    'evil.example/localhost',
    'localhost, evil.example',
    '0.0.0.0:4080',
    '192.168.0.1',
  ]
  expect(
    others.filter((host) => isAllowedHost(host, { publicUrl: PUBLIC, isPublic: false })),
  ).toEqual([])
})

test('one that networks reach goes by any name that is one', () => {
  const open = { publicUrl: null, isPublic: true }
  expect(['latchkey.lan:4080', '192.168.0.1'].filter((host) => !isAllowedHost(host, open))).toEqual(
    [],
  )
  expect([undefined, '', 'a@b', 'a/b'].filter((host) => isAllowedHost(host, open))).toEqual([])
})

test('a script that signed in may change something: it names no page at all', () => {
  const cookie = 'latchkey-session=x.y'
  expect(isCrossOriginWrite('POST', { host: 'localhost:4080', cookie }, PUBLIC)).toBe(false)
})

test('a change is foreign where the browser says so, by either header', () => {
  const own = { host: 'localhost:4080', origin: 'http://localhost:4080' }
  const foreign = [
    { host: 'localhost:4080', origin: 'https://evil.example' },
    { host: 'localhost:4080', origin: 'http://localhost:3000' },
    { host: 'localhost:4080', origin: 'null' },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, 'sec-fetch-site': 'same-site' },
  ]
  expect(foreign.filter((headers) => !isCrossOriginWrite('POST', headers, null))).toEqual([])
  expect(foreign.filter((headers) => isCrossOriginWrite('GET', headers, null))).toEqual([])
  const ours = [
    { host: 'localhost:4080' },
    own,
    { ...own, 'sec-fetch-site': 'same-origin' },
    { host: 'localhost:4080', 'sec-fetch-site': 'none' },
    { host: 'localhost:4080', origin: PUBLIC },
  ]
  expect(ours.filter((headers) => isCrossOriginWrite('DELETE', headers, PUBLIC))).toEqual([])
})

test('MQTT is open to what is no browser, to this machine’s pages and to Latchkey’s own', () => {
  expect(
    [undefined, 'http://localhost:3000', 'http://[::1]', PUBLIC].map((origin) =>
      isAllowedSocketOrigin(origin, PUBLIC),
    ),
  ).toEqual([true, true, true, true])
  expect(
    ['https://evil.example', 'null', 'https://localhost.evil.example'].map((origin) =>
      isAllowedSocketOrigin(origin, PUBLIC),
    ),
  ).toEqual([false, false, false])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch as fetchByUndici } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { activityPageSchema } from '../../src/contract/activity/schemas.ts'
import { newCertificate } from '../harness/certificate.ts'
import {
  ADMIN_PASSWORD,
  sendRaw,
  startTestServer,
  type TestServer,
} from '../harness/test-server.ts'

let folder: string
let server: TestServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-tls-'))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  rmSync(folder, { recursive: true })
})

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const start = async (environment: Record<string, string>) =>
  (server = await startTestServer({ environment }))

test('speaks TLS with a certificate of its own, and tells browsers to insist on it', async () => {
  const { cert, key } = newCertificate()
  const { url, lines } = await start({
    HOST: '0.0.0.0',
    SAMPLES: 'on',
    TLS_CERT_FILE: file('cert.pem', cert),
    TLS_KEY_FILE: file('key.pem', key),
  })
  expect(url).toMatch(/^https:\/\/localhost:\d+$/)
  const dispatcher = new Agent({ connect: { ca: cert } })
  const answer = await fetchByUndici(`${url}/api/v1/session`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
  })
  expect(answer.status).toBe(201)
  const [cookie = ''] = answer.headers.getSetCookie()
  expect(cookie).toMatch(
    /^__Host-latchkey-session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const headers = { cookie: cookie.split(';')[0] ?? '' }
  const listed = await fetchByUndici(`${url}/api/v1/deployments`, { dispatcher, headers })
  expect(await listed.text()).toContain(`"apiBaseUrl":"${url}/`)
  for (const path of ['/', '/healthz', '/api/v1/deployments', '/plant-telemetry/api/v5/clients']) {
    const { headers } = await fetchByUndici(`${url}${path}`, { dispatcher })
    expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=31536000'])
  }
  expect(lines.join('')).not.toContain('in the clear')
  await dispatcher.close()
})

test('says nothing of TLS where it has none', async () => {
  const { url } = await start({})
  expect((await fetch(`${url}/healthz`)).headers.has('strict-transport-security')).toBe(false)
})

test.each([
  ['a file that is not there', () => ({ TLS_CERT_FILE: '/nowhere/cert.pem', TLS_KEY_FILE: '' })],
  [
    'a key of another certificate',
    () => ({
      TLS_CERT_FILE: file('cert.pem', newCertificate().cert),
      TLS_KEY_FILE: file('key.pem', newCertificate().key),
    }),
  ],
  [
    'something else',
    () => ({ TLS_CERT_FILE: file('cert.pem', 'x'), TLS_KEY_FILE: file('key.pem', 'y') }),
  ],
])('refuses to start with %s, in one line', async (_, environment) => {
  await expect(start(environment())).rejects.toThrow(/^TLS_(?:CERT|KEY)_FILE [^\n]+$/)
})

test.each([
  [{ HOST: '0.0.0.0' }, true],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'http://keys.example' }, true],
  [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://keys.example' }, false],
  [{ HOST: '127.0.0.1' }, false],
])('warns of secrets in the clear where they would be: %o %s', async (environment, isWarned) => {
  const { lines } = await start(environment)
  const warning = lines.find((line) => line.includes('"level":"warn"') && /in the clear/.test(line))
  expect(warning !== undefined).toBe(isWarned)
})

test('goes by any name where networks reach it', async () => {
  const { port } = await start({ HOST: '0.0.0.0' })
  const head = 'GET /healthz HTTP/1.1\r\nHost: latchkey.lan\r\nConnection: close\r\n\r\n'
  expect(await sendRaw(port, head)).toMatch(/^HTTP\/1.1 200/)
})

test('records addresses from behind proxies that it trusts, and of nobody else', async () => {
  const forwarded = { authorization: 'none', 'x-forwarded-for': '198.51.100.7, 10.1.1.1' }
  const addresses = async (one: TestServer) => {
    await one.api('POST', '/session', { username: 'x', password: 'x' }, forwarded)
    const listed = await one.api('GET', '/activity')
    const { items } = activityPageSchema.parse(await listed.json())
    return items.filter(({ action }) => action === 'session.refuse').map(({ address }) => address)
  }
  const trusting = await start({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' })
  expect(await addresses(trusting)).toEqual(['198.51.100.7'])
  await trusting.stop()
  expect(await addresses(await start({}))).toEqual(['127.0.0.1'])
})

test('nobody can name an address in place of the server', async () => {
  const one = await start({})
  const claimed = { authorization: 'none', 'x-latchkey-client-address': '198.51.100.7' }
  await one.api('POST', '/session', { username: 'x', password: 'x' }, claimed)
  expect(await (await one.api('GET', '/activity')).text()).not.toContain('198.51.100.7')
})

test('headers past 16 KiB are refused', async () => {
  const { port } = await start({})
  const head = `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`
  expect(await sendRaw(port, head)).toMatch(/^HTTP\/1.1 431/)
})

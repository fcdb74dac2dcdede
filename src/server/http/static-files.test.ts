import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendRaw, startTestServer, type TestServer } from '../../../test/harness/test-server.ts'

const SCRIPT = `export const text = '${'latchkey '.repeat(400)}'\n`

let folder: string
let server: TestServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'))
  mkdirSync(join(folder, 'assets'))
  mkdirSync(join(folder, '.vite'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Latchkey</title>')
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(folder, 'assets/app-abc123.js'), SCRIPT)
  writeFileSync(join(folder, 'assets/app-abc123.js.br'), brotliCompressSync(SCRIPT))
  writeFileSync(join(folder, 'assets/app-abc123.js.gz'), gzipSync(SCRIPT))
  writeFileSync(join(folder, 'assets/inter.woff2'), Buffer.alloc(2000))
  writeFileSync(join(folder, '.sources'), 'stamp')
  writeFileSync(join(folder, '.vite/manifest.json'), '{}')
  server = await startTestServer({ consoleFolder: folder })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function get(path: string, headers: Record<string, string> = {}) {
  const request = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close']
  for (const [name, value] of Object.entries(headers)) request.push(`${name}: ${value}`)
  const answer = await sendRaw(server.port, `${request.join('\r\n')}\r\n\r\n`)
  const [head = '', ...body] = answer.split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const answered = new Headers(
    lines.map((line): [string, string] => {
      const [name = '', value = ''] = line.split(/: (.*)/)
      return [name, value]
    }),
  )
  return { status: Number(status.split(' ')[1]), headers: answered, body: body.join('\r\n\r\n') }
}

test('gives files with their types, hashed ones for ever', async () => {
  const script = await get('/assets/app-abc123.js')
  expect(script.body).toBe(SCRIPT)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const icon = await get('/favicon.svg')
  expect(icon.headers.get('content-type')).toBe('image/svg+xml')
  expect(icon.headers.get('cache-control')).toBe('no-cache')
  expect((await get('/assets/inter.woff2')).headers.get('content-type')).toBe('font/woff2')
})

test('gives the smallest form that a browser takes', async () => {
  const as = async (accepted: string) => {
    const { headers, body } = await get('/assets/app-abc123.js', { 'Accept-Encoding': accepted })
    return [headers.get('content-encoding'), Buffer.from(body, 'latin1')] as const
  }
  const [brotli, compressed] = await as('gzip, deflate, br')
  expect([brotli, String(brotliDecompressSync(compressed))]).toEqual(['br', SCRIPT])
  const [gzip, zipped] = await as('GZIP;q=0.5, br;q=0')
  expect([gzip, String(gunzipSync(zipped))]).toEqual(['gzip', SCRIPT])
  for (const accepted of ['', 'identity', 'gzip;q=0', 'x-gzip', 'deflate']) {
    expect(await as(accepted)).toEqual([null, Buffer.from(SCRIPT)])
  }
  const { headers } = await get('/assets/inter.woff2', { 'Accept-Encoding': 'gzip, br' })
  expect(headers.has('content-encoding')).toBe(false)
})

test('a browser that has a file is told so', async () => {
  const etag = (await get('/favicon.svg')).headers.get('etag') ?? ''
  const again = await get('/favicon.svg', { 'If-None-Match': `"x", ${etag}` })
  expect([again.status, again.body]).toEqual([304, ''])
  expect((await get('/favicon.svg', { 'If-None-Match': '"x"' })).status).toBe(200)
})

test('every page is the console, and only pages are', async () => {
  const page = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  for (const path of ['/', '/deployments/plant-telemetry?search=x', '/nope', '/x/../y']) {
    const { status, body, headers } = await get(path, page)
    expect([status, body]).toEqual([200, '<!doctype html><title>Latchkey</title>'])
    expect(headers.get('cache-control')).toBe('no-cache')
  }
  const others = ['/nope', '/assets/gone.js', '/.sources', '/.vite/manifest.json', '/../x']
  const statuses = await Promise.all(others.map(async (path) => (await get(path)).status))
  expect(statuses).toEqual(others.map(() => 404))
  for (const path of ['/api/v1/nope', '/api', '/api/nope']) {
    expect((await get(path, page)).status).toBe(404)
  }
  const posted = await fetch(`${server.url}/deployments`, { method: 'POST', headers: page })
  expect(posted.status).toBe(404)
})

test('the console runs its own scripts alone, and in no one’s frame', async () => {
  const { headers } = await get('/')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toMatch(/script-src 'self'(?:;|$)/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})

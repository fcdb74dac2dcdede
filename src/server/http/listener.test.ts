import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect as connectMqtt } from 'mqtt'
import { fetch as fetchByUndici } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  sendRaw,
  startTestServer,
  websocketHeaders,
  type TestServer,
} from '../../../test/harness/test-server.ts'
import { deploymentSchema } from '../../contract/deployments/schemas.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    environment: { SAMPLES: 'on', PUBLIC_URL: 'https://keys.example' },
  })
})
afterAll(() => server.stop())

async function send(line: string, headers: string[]): Promise<string> {
  const authorization = `Authorization: Bearer ${await server.token()}`
  const head = [`${line} HTTP/1.1`, 'Connection: close', 'Content-Length: 0', authorization]
  head.push(...headers)
  return (await sendRaw(server.port, `${head.join('\r\n')}\r\n\r\n`)).slice(9, 12)
}

test('the management API answers under its own names alone', async () => {
  const under = (host: string) => send('GET /api/v1/deployments', [`Host: ${host}`])
  expect(await under(`localhost:${server.port}`)).toBe('200')
  expect(await under('127.0.0.1')).toBe('200')
  expect(await under('[::1]:4080')).toBe('200')
  expect(await under('keys.example')).toBe('200')
  expect(await under('rebound.example')).toBe('403')
  expect(await under('localhost.rebound.example')).toBe('403')
  expect(await send('GET /readyz', ['Host: rebound.example'])).toBe('403')
  expect(await send('GET /readyz', ['Host: localhost', 'Host: rebound.example'])).toBe('400')
  expect(await send('GET /readyz', ['Host: localhost', 'Host: localhost'])).toBe('400')
  expect(await send('GET /readyz', [])).toBe('400')
})

test('a change that a page of another origin asks for is not made', async () => {
  const remove = (...headers: string[]) =>
    send('DELETE /api/v1/deployments/none', ['Host: localhost', ...headers])
  expect(await remove()).toBe('404')
  expect(await remove('Origin: http://localhost', 'Sec-Fetch-Site: same-origin')).toBe('404')
  expect(await remove('Origin: https://evil.example')).toBe('403')
  expect(await remove('Origin: http://localhost:3000')).toBe('403')
  expect(await remove('Sec-Fetch-Site: cross-site')).toBe('403')
  const preflight = ['Host: localhost', 'Origin: https://evil.example']
  const answer = await sendRaw(
    server.port,
    `OPTIONS /api/v1/deployments HTTP/1.1\r\nConnection: close\r\n${preflight.join('\r\n')}\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
  )
  expect(answer).not.toMatch(/access-control-allow/i)
})

test('a TRACE finds nothing, and is no failure', async () => {
  expect(await send('TRACE /api/v1/deployments', ['Host: localhost'])).toBe('404')
  expect(server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
})

test('shows the origin it was told, and takes requests as the API it is', async () => {
  const response = await server.api('GET', '/deployments/plant-telemetry')
  const deployment = deploymentSchema.parse(await response.json())
  expect(deployment.apiBaseUrl).toBe('https://keys.example/plant-telemetry/api/v5')
  expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{12}$/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('etag')).toBe('"1"')
})

test('a body too large for the management API is refused, and the connection goes on', async () => {
  const answers: number[] = []
  const authorization = `Bearer ${await server.token()}`
  const headers = { 'content-type': 'application/json', authorization }
  const url = `${server.url}/api/v1/deployments`
  async function* pieces() {
    for (let piece = 0; piece < 40; piece += 1) yield Buffer.alloc(10 * 1024, '"')
  }
  for (const body of [Buffer.alloc(400 * 1024, '"'), pieces(), Buffer.from('{}'), pieces()]) {
    const response = await fetchByUndici(url, { method: 'POST', headers, body, duplex: 'half' })
    await response.text()
    answers.push(response.status)
  }
  expect(answers).toEqual([413, 413, 422, 413])
})

test('logs a change with the id that its answer carries', async () => {
  const response = await server.api('POST', '/deployments/plant-telemetry/api-keys?x=secret', {})
  const id = response.headers.get('x-request-id') ?? ''
  const line = server.lines.find((one) => one.includes(id)) ?? '{}'
  expect(JSON.parse(line)).toMatchObject({
    level: 'info',
    requestId: id,
    method: 'POST',
    path: '/api/v1/deployments/plant-telemetry/api-keys',
    status: response.status,
  })
})

test('MQTT comes in over WebSocket at the deployment’s address', async () => {
  const url = `${server.url.replace('http', 'ws')}/plant-telemetry/mqtt`
  const client = connectMqtt(url, { clientId: 'over-websocket', reconnectPeriod: 0 })
  await new Promise((resolve, reject) => {
    client.once('connect', resolve)
    client.once('error', reject)
  })
  const key = await server.createKey('plant-telemetry', {
    access: { mode: 'list', operations: ['GET /clients/{clientid}'] },
  })
  const seen = await fetch(`${server.url}/plant-telemetry/api/v5/clients/over-websocket`, {
    headers: { authorization: key.authorization },
  })
  expect(await seen.json()).toMatchObject({ clientid: 'over-websocket', connected: true })
  await client.endAsync()
})

test('a WebSocket needs a broker behind it, and a page that may', async () => {
  const upgrade = (path: string, ...headers: string[]) =>
    send(`GET ${path}`, ['Host: localhost', ...websocketHeaders, ...headers])
  expect(await upgrade('/nowhere/mqtt')).toBe('404')
  expect(await upgrade('/plant-telemetry/mqtt', 'Origin: https://evil.example')).toBe('403')
  expect(await upgrade('/plant-telemetry/mqtt')).toBe('400')
  expect(await upgrade('/api/v1/deployments')).toBe('200')
})

test.each([
  ['no broker', '/nowhere/mqtt', []],
  ['no subprotocol', '/plant-telemetry/mqtt', []],
  ['a foreign page', '/plant-telemetry/mqtt', ['Origin: https://evil.example']],
])('a refused WebSocket can’t be held open by its caller: %s', async (_, path, headers) => {
  const head = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', ...headers]
  const socket = connectTcp({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.resume().write(`GET ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'end')
  // Nothing is on the other side any more, which shows by writing.
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const writing = setInterval(() => socket.write('x'), 5)
  await closed
  clearInterval(writing)
})

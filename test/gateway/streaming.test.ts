import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerJson } from '../../src/backends/emqx/fake-emqx.ts'
import { startServerWithEmqx, type ServerWithEmqx } from '../harness/server-with-emqx.ts'
import { sendRaw } from '../harness/test-server.ts'

const PIECE = Buffer.alloc(1024 * 1024)
const PIECES = 128
const PATIENCE = 30_000

let world: ServerWithEmqx

beforeAll(async () => {
  world = await startServerWithEmqx()
})
afterAll(() => world.stop())
beforeEach(() => world.reset())

function open(method: string, path: string, headers: Record<string, string | number> = {}) {
  return httpRequest(`${world.server.url}${world.base}${path}`, {
    method,
    headers: { authorization: world.key.authorization, ...headers },
    agent: false,
  })
}

/** Waits until a count grows no more, while other calls come and go. */
async function untilStalled(count: () => number): Promise<number> {
  for (let before = -1; before !== count();) {
    before = count()
    for (let call = 0; call < 10; call += 1) {
      await fetch(`${world.server.url}${world.base}/stats`, {
        headers: { authorization: world.key.authorization },
      })
    }
  }
  return count()
}

test.each([
  ['with a length', { 'content-length': PIECES * PIECE.length }],
  ['in chunks', { 'transfer-encoding': 'chunked' }],
])(
  'an upload %s waits for a broker that takes its time, and arrives whole',
  async (_, headers) => {
    const arrived = Promise.withResolvers<IncomingMessage>()
    let received = 0
    world.respond = (request, response) => {
      arrived.resolve(request)
      request.on('end', () => answerJson(response, { received }))
    }
    const upload = open('POST', '/publish', headers)
    let sent = 0
    const sending = (async () => {
      for (; sent < PIECES; sent += 1) if (!upload.write(PIECE)) await once(upload, 'drain')
      upload.end()
    })()
    const request = await arrived.promise
    expect(await untilStalled(() => sent)).toBeLessThan(PIECES / 2)

    request.on('data', (piece: Buffer) => (received += piece.length))
    await sending
    const [answer] = await once(upload, 'response')
    expect(String(await answer.toArray())).toBe(`{"received":${PIECES * PIECE.length}}`)
  },
  PATIENCE,
)

test(
  'a download waits for a caller that takes its time, and arrives whole',
  async () => {
    let sent = 0
    function* pieces() {
      for (; sent < PIECES; sent += 1) yield PIECE
    }
    world.respond = (_, response) => Readable.from(pieces()).pipe(response.writeHead(200))
    const [answer] = await once(open('GET', '/clients').end(), 'response')
    expect(await untilStalled(() => sent)).toBeLessThan(PIECES / 2)

    let received = 0
    for await (const piece of answer) received += piece.length
    expect(received).toBe(PIECES * PIECE.length)
  },
  PATIENCE,
)

test('a caller that goes away ends the call behind it, during the upload and the download', async () => {
  const closed = () => {
    const reached = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    world.respond = (request, response) => {
      request.on('error', () => {})
      response.on('close', () => gone.resolve())
      if (request.method === 'GET') response.writeHead(200).write('first')
      reached.resolve()
    }
    return { reached: reached.promise, gone: gone.promise }
  }
  const upload = closed()
  const sending = open('POST', '/publish').on('error', () => {})
  sending.write('half')
  await upload.reached
  sending.destroy()
  await upload.gone

  const waiting = closed()
  const asking = open('DELETE', '/clients/x')
    .on('error', () => {})
    .end()
  await waiting.reached
  asking.destroy()
  await waiting.gone

  const download = closed()
  const [answer] = await once(open('GET', '/clients').end(), 'response')
  await once(answer, 'data')
  answer.on('error', () => {}).destroy()
  await download.gone
  expect(world.server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
})

test('a caller that waits for a 100 gets it when its body is wanted, and not before', async () => {
  world.respond = (request, response) => {
    request.resume().on('end', () => answerJson(response, {}))
  }
  const send = (path: string, authorization: string) =>
    sendRaw(
      world.server.port,
      `POST ${world.base}${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody`,
    )
  expect(await send('/publish', world.key.authorization)).toMatch(
    /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /,
  )
  expect(await send('/publish', 'Basic eDp5')).toMatch(/^HTTP\/1.1 401 /)
  expect(await send('/nope', world.key.authorization)).toMatch(/^HTTP\/1.1 404 /)
})

test('a body that nobody wants is read off, and the connection goes on', async () => {
  const answers: number[] = []
  for (let call = 0; call < 3; call += 1) {
    const response = await fetch(`${world.server.url}${world.base}/publish`, {
      method: 'POST',
      headers: { authorization: 'Basic eDp5' },
      body: PIECE,
    })
    await response.text()
    answers.push(response.status)
  }
  expect(answers).toEqual([401, 401, 401])
})

test('what the broker says of itself and its origin stays behind', async () => {
  world.respond = (_, response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'set-cookie': ['a=b', 'c=d'],
      'strict-transport-security': 'max-age=100',
      'access-control-allow-origin': '*',
      'x-request-cost': '7',
    })
    response.end('<script>alert(1)</script>')
  }
  const { headers } = await fetch(`${world.server.url}${world.base}/clients`, {
    headers: { authorization: world.key.authorization },
  })
  for (const name of ['set-cookie', 'strict-transport-security', 'access-control-allow-origin']) {
    expect(headers.has(name)).toBe(false)
  }
  expect(headers.get('x-request-cost')).toBe('7')
  expect(headers.get('content-security-policy')).toContain('sandbox')
})

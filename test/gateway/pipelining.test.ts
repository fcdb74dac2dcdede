import { connect } from 'node:net'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerJson } from '../../src/backends/emqx/fake-emqx.ts'
import {
  answerRunning,
  startServerWithEmqx,
  type ServerWithEmqx,
} from '../harness/server-with-emqx.ts'
import { sendRaw } from '../harness/test-server.ts'

let world: ServerWithEmqx

beforeAll(async () => {
  world = await startServerWithEmqx()
})
afterAll(() => world.stop())
beforeEach(() => world.reset())

const asked = () => world.emqx.requests.map(({ method, url }) => `${method} ${url}`)

function requestOf(line: string, version = '1.1', ...headers: string[]): string {
  const [method = '', path = ''] = line.split(' ')
  return [
    `${method} ${world.base}${path} HTTP/${version}`,
    'Host: localhost',
    `Authorization: ${world.key.authorization}`,
    ...headers,
    '\r\n',
  ].join('\r\n')
}

test('calls that don’t wait for answers are made in order, one after the other', async () => {
  let underWay = 0
  let most = 0
  world.respond = (request, response) => {
    underWay += 1
    most = Math.max(most, underWay)
    void (async () => {
      for (let turns = 0; turns < 20; turns += 1) await yieldToEventLoop()
      underWay -= 1
      answerJson(response, request.url)
    })()
  }
  const lines = ['DELETE /clients/a', 'GET /clients', 'DELETE /clients/b', 'GET /subscriptions']
  const last = requestOf('GET /clients/z', '1.1', 'Connection: close')
  const answers = await sendRaw(
    world.server.port,
    lines.map((line) => requestOf(line)).join('') + last,
  )
  const paths = [...lines, 'GET /clients/z'].map((line) => line.replace(' ', ' /api/v5'))
  expect(asked()).toEqual(paths)
  expect(most).toBe(1)
  const bodies = [...answers.matchAll(/"(\/api[^"]+)"/g)].map(([, path]) => path)
  expect(bodies).toEqual(paths.map((path) => path.split(' ')[1]))
})

test('an answer that nobody reads holds up the calls behind it, and they go with their caller', async () => {
  const closed = Promise.withResolvers<void>()
  world.respond = (_, response) => {
    response.on('close', () => closed.resolve())
    response.writeHead(200)
    for (let piece = 0; piece < 64; piece += 1) response.write(Buffer.alloc(1024 * 1024))
  }
  const socket = connect(world.server.port, '127.0.0.1').pause()
  socket.write(requestOf('GET /clients').repeat(10))
  while (world.emqx.requests.length === 0) await yieldToEventLoop()
  for (let turns = 0; turns < 200; turns += 1) await yieldToEventLoop()
  expect(asked()).toEqual(['GET /api/v5/clients'])
  socket.destroy()
  await closed.promise
  world.respond = answerRunning
  const next = await fetch(`${world.server.url}${world.base}/clients`, {
    headers: { authorization: world.key.authorization },
  })
  expect(next.status).toBe(200)
  expect(asked()).toEqual(['GET /api/v5/clients', 'GET /api/v5/clients'])
})

test('who sends calls by the thousand ahead of their answers gets them all', async () => {
  const last = requestOf('GET /clients', '1.1', 'Connection: close')
  const answers = await sendRaw(world.server.port, requestOf('GET /clients').repeat(1999) + last)
  expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2000)
})

test('one of HTTP/1.0 that asks for a 100 gets its answer alone', async () => {
  const request = requestOf('POST /publish', '1.0', 'Expect: 100-continue', 'Content-Length: 4')
  expect(await sendRaw(world.server.port, `${request}body`)).toMatch(/^HTTP\/1\.1 200 /)
})

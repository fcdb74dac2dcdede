import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  answerJson,
  startFakeEmqx,
  type FakeEmqx,
  type Respond,
} from '../../src/backends/emqx/fake-emqx.ts'
import { startTestServer, type TestKey, type TestServer } from '../harness/test-server.ts'

const v5 = { plan: 'dedicated', version: 'v5' } as const
const v4 = { plan: 'dedicated', version: 'v4' } as const
const nodes = [{ node_status: 'running' }]

let emqx: FakeEmqx
let respond: Respond
let server: TestServer
let plant: Deployment
let cold: Deployment

type Deployment = { base: string; key: TestKey }

beforeAll(async () => {
  emqx = await startFakeEmqx((request, response) => {
    const { url = '' } = request
    if (/\/(?:clients|publish)$/.test(url)) respond(request, response)
    else answerJson(response, url.startsWith('/api/v4/') ? { code: 0, data: nodes } : nodes)
  })
  // Enough for an answer on a busy machine.
  const emqxTimeouts = { connect: 5000, headers: 500, body: 500, reading: 5000 }
  server = await startTestServer({ emqxTimeouts })
  plant = await add(emqx, v5)
  cold = await add(emqx, v4)
})
afterAll(async () => {
  await server.stop()
  await emqx.close()
})

async function add({ url }: FakeEmqx, edition: typeof v5 | typeof v4): Promise<Deployment> {
  const id = await server.addEmqx(url, edition)
  const key = await server.createKey(id, { access: { mode: 'full' } })
  return { base: `/${id}/api${edition.version === 'v5' ? '/v5' : ''}`, key }
}

function call({ base, key }: Deployment, line = 'GET /clients', body?: string): Promise<Response> {
  const [method = '', path = ''] = line.split(' ')
  return fetch(`${server.url}${base}${path}`, {
    method,
    headers: { authorization: key.authorization },
    ...(body !== undefined && { body }),
  })
}

async function answerOf(response: Response): Promise<unknown> {
  expect(response.headers.has('www-authenticate')).toBe(false)
  return { status: response.status, json: await response.json() }
}

const TOO_LONG =
  "The deployment's broker took too long. Whether the call had an effect is not known."

test('a broker that takes a call and never answers is a 504, and the call behind it ends', async () => {
  const closed: Promise<void>[] = []
  respond = (_, response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)))
  }
  const calls = [call(plant), call(plant, 'POST /publish', '{}'), call(cold)]
  const v5Answer = { status: 504, json: { code: 'GATEWAY_TIMEOUT', message: TOO_LONG } }
  const v4Answer = { status: 504, json: { code: 504, message: TOO_LONG } }
  const answers = calls.map(async (answer) => answerOf(await answer))
  expect(await Promise.all(answers)).toEqual([v5Answer, v5Answer, v4Answer])
  expect(closed).toHaveLength(3)
  await Promise.all(closed)
  const logged = server.lines.filter((line) => line.includes('"status":504'))
  expect(logged).toHaveLength(3)
  expect(logged.filter((line) => !line.includes('HEADERS_TIMEOUT'))).toEqual([])
})

test('a short answer that stalls is a 504 as well, since nothing of it was passed on', async () => {
  respond = (_, response) => {
    response.writeHead(200, { 'content-length': 4 }).write('ha')
  }
  expect(await answerOf(await call(plant))).toMatchObject({
    status: 504,
    json: { message: TOO_LONG },
  })
})

test.each([
  ['stalls', () => {}],
  ['breaks off', (response: Parameters<Respond>[1]) => response.destroy()],
])('an answer on its way that %s ends, and does not look complete', async (_, then) => {
  let closed: Promise<void> | undefined
  respond = (_, response) => {
    closed = new Promise((resolve) => response.on('close', resolve))
    response.writeHead(200).write('half', () => then(response))
  }
  const answer = await call(plant)
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow('terminated')
  await closed
})

test('an answer that is broken from its start on ends as well', async () => {
  respond = ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n')
  }
  await expect(call(plant).then((answer) => answer.text())).rejects.toThrow(/terminated|failed/)

  respond = ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello')
  }
  expect(await answerOf(await call(plant))).toMatchObject({
    status: 502,
    json: { message: expect.stringContaining("can't be reached") },
  })
})

test('a broker that is down is a 502, one that hangs up and one that refuses Latchkey’s own key too', async () => {
  const down = { status: 502, json: { message: expect.stringContaining("can't be reached") } }
  const stopped = await startFakeEmqx((_, response) => answerJson(response, nodes))
  const deployment = await add(stopped, v5)
  await stopped.close()
  expect(await answerOf(await call(deployment))).toMatchObject(down)

  respond = (request) => request.socket.destroy()
  expect(await answerOf(await call(plant))).toMatchObject(down)

  respond = (_, response) => answerJson(response, {}, 401)
  expect(await answerOf(await call(plant))).toMatchObject({
    status: 502,
    json: { message: expect.stringContaining('refused the API key that Latchkey') },
  })
})

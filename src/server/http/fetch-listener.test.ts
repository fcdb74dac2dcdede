import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createFetchListener } from './fetch-listener.ts'

let server: Server
let errors: unknown[]

async function start(
  answer: (request: Request) => Response | Promise<Response>,
  bodyTimeout = 60_000,
): Promise<number> {
  errors = []
  const listener = createFetchListener(answer, {
    bodyMax: 1000,
    bodyTimeout,
    protocol: 'https',
    addressOf: () => '198.51.100.7',
    onError: (error) => errors.push(error),
  })
  const options = { optimizeEmptyRequests: true }
  server = createServer(options, (request, response) => void listener(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return z.object({ port: z.number() }).parse(server.address()).port
}
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function streamOf(
  pull: (controller: ReadableStreamDefaultController) => void | Promise<void>,
  onCancel = () => {},
) {
  return new Response(new ReadableStream({ pull, cancel: onCancel }))
}

test('tells the application what the server knows: its protocol and the client’s address', async () => {
  const port = await start((request) =>
    Response.json([request.url, request.headers.get('x-latchkey-client-address')]),
  )
  const headers = { 'x-latchkey-client-address': '127.0.0.1' }
  const answer = await fetch(`http://127.0.0.1:${port}/x?y`, { headers })
  expect(await answer.json()).toEqual([`https://127.0.0.1:${port}/x?y`, '198.51.100.7'])
})

test.for(['DELETE', 'POST'])('answers a %s that has no body', async (method) => {
  const port = await start(async (request) => new Response(`${await request.text()}.`))
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method })
  expect(await answer.text()).toBe('.')
})

test('sends every cookie as one of its own', async () => {
  const cookies = ['a=1; Path=/', 'b=2; Expires=Mon, 23 Nov 2026 12:00:00 GMT']
  const port = await start(() => {
    const headers = new Headers()
    for (const cookie of cookies) headers.append('set-cookie', cookie)
    return new Response(null, { status: 204, headers })
  })
  expect((await fetch(`http://127.0.0.1:${port}/`)).headers.getSetCookie()).toEqual(cookies)
})

test('sends a short answer with its length, a long one as it comes', async () => {
  const more = Promise.withResolvers<void>()
  let piece = 0
  const port = await start((request) =>
    request.url.endsWith('/short')
      ? new Response('short')
      : streamOf(async (controller) => {
          piece += 1
          if (piece === 3) await more.promise
          if (piece <= 3) controller.enqueue(new TextEncoder().encode(`piece ${piece};`))
          else controller.close()
        }),
  )
  const short = await fetch(`http://127.0.0.1:${port}/short`)
  expect([short.headers.get('content-length'), await short.text()]).toEqual(['5', 'short'])
  const long = await fetch(`http://127.0.0.1:${port}/long`)
  const reader = long.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('piece 2;')) text += (await reader?.read())?.value ?? ''
  more.resolve()
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    text += next.value
  }
  expect(text).toBe('piece 1;piece 2;piece 3;')
})

test('an answer that breaks off is not complete, and its error is told', async () => {
  let piece = 0
  const port = await start(() =>
    streamOf((controller) => {
      piece += 1
      if (piece > 2) throw new Error('disk gone')
      controller.enqueue(new TextEncoder().encode('x'))
    }),
  )
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  await expect(answer.text()).rejects.toThrow('terminated')
  expect(errors).toEqual([new Error('disk gone')])
})

test('what nobody reads any more is not made any more', async () => {
  const cancelled = Promise.withResolvers<string>()
  const port = await start(() =>
    streamOf(
      (controller) => controller.enqueue(new Uint8Array(100_000)),
      () => cancelled.resolve('cancelled'),
    ),
  )
  const gone = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: gone.signal })
  await answer.body?.getReader().read()
  gone.abort()
  expect(await cancelled.promise).toBe('cancelled')
  expect(errors).toEqual([])
})

test('a body that doesn’t come ends its connection, and nothing is asked of the application', async () => {
  let asked = 0
  const port = await start(() => {
    asked += 1
    return new Response()
  }, 100)
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise((resolve) => {
    socket.on('close', resolve)
  })
  socket.on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n\r\n{"user')
  await closed
  expect([asked, errors]).toEqual([0, []])
})

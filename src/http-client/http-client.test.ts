import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { HttpClient } from './http-client.ts'
import {
  responseText,
  CONNECTION_LOST,
  connected,
  disconnect,
  ended,
  requestOf,
  textOf,
  TIMEOUTS,
} from './testing/raw-server.ts'

const clients: HttpClient[] = []

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await disconnect()
})

test('requests in sequence share one connection', async () => {
  const { server, send } = await connected((socket, request) => {
    socket.write(responseText(request.split(' ')[1] ?? ''))
  })
  for (const path of ['/a', '/b', '/c']) expect(await textOf(await send({ path }))).toBe(path)
  expect(server.sockets).toHaveLength(1)
})

test('parallel requests use up to the limit of connections; further ones queue', async () => {
  const waiting: (() => void)[] = []
  const { server, send } = await connected(
    (socket, request) => {
      waiting.push(() => socket.write(responseText(request.split(' ')[1] ?? '')))
    },
    { connections: 2 },
  )
  const answers = ['/a', '/b', '/c', '/d', '/e'].map(async (path) => textOf(await send({ path })))
  let answered = 0
  while (answered < 5) {
    const next = waiting.shift()
    answered += Number(next !== undefined)
    next?.()
    expect(server.sockets.length).toBeLessThanOrEqual(2)
    await turn()
  }
  expect(await Promise.all(answers)).toEqual(['/a', '/b', '/c', '/d', '/e'])
})

test('a safe request is retried if its idle connection had closed; no other is', async () => {
  const received: string[] = []
  const { send } = await connected((socket, request, nth) => {
    const [method = ''] = request.split(' ')
    received.push(`${method} over ${nth}`)
    const isSecond = received.filter((one) => one.endsWith(String(nth))).length === 2
    // It ended while the request was on its way.
    if (isSecond) socket.destroy()
    else socket.write(responseText(method))
  })
  expect(await textOf(await send())).toBe('GET')
  expect(await textOf(await send())).toBe('GET')
  for (const method of ['POST', 'DELETE', 'PUT']) {
    await send({ method: 'OPTIONS' })
    await expect(send({ method })).rejects.toMatchObject({
      code: expect.stringMatching(CONNECTION_LOST),
    })
  }
  const lives = [
    'GET over 0, GET over 0',
    'GET over 1, OPTIONS over 1',
    'OPTIONS over 2, POST over 2',
    'OPTIONS over 3, DELETE over 3',
    'OPTIONS over 4, PUT over 4',
  ]
  expect(received.join(', ')).toBe(lives.join(', '))
})

test('a safe request is retried once, and never after a byte of its response', async () => {
  const received: number[] = []
  let answer = responseText('first')
  const { send } = await connected((socket, _, nth) => {
    received.push(nth)
    if (answer.endsWith('first') && received.length === 1) socket.write(answer)
    else if (answer === '') socket.destroy()
    else socket.end(answer)
  })
  await send()
  answer = ''
  await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(CONNECTION_LOST) })
  expect(received).toEqual([0, 0, 1])

  received.length = 0
  answer = responseText('first')
  await send()
  answer = 'HTTP/1.1 2'
  await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  expect(received).toEqual([2, 2])
})

test.each([
  ['says that it closes', responseText('a', 'connection: close')],
  ['sends more than was asked for', `${responseText('a')}HTTP/1.1 200 OK\r\n`],
  ['is of HTTP/1.0', responseText('a').replace('1.1', '1.0')],
])('nothing follows an answer that %s', async (_, answer) => {
  const { server, send } = await connected((socket) => void socket.write(answer))
  expect(await textOf(await send())).toBe('a')
  expect(await textOf(await send())).toBe('a')
  await ended(server)
  expect(server.sockets).toHaveLength(2)
})

test.each([
  ['HEAD', responseText('a').slice(0, -1)],
  ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 1\r\n\r\n'],
])('nothing follows an answer to a %s whose body may come after all', async (method, answer) => {
  const { server, send } = await connected((socket, _, nth) => {
    if (nth > 0) socket.write(responseText('b'))
    else socket.write(answer, () => setImmediate(() => socket.write(responseText('a').slice(-1))))
  })
  const { body } = await send({ method })
  expect(body).toHaveLength(0)
  expect(await textOf(await send())).toBe('b')
  await ended(server)
})

test('a queued unsafe request waits until a close behind the last response is known', async () => {
  const received: string[] = []
  const { send } = await connected(
    (socket, request, nth) => {
      received.push(`${request.split(' ')[0]} over ${nth}`)
      if (nth === 0) socket.end(responseText('last'))
      else socket.write(responseText('first'))
    },
    { connections: 1 },
  )
  const answers = [send(), send({ method: 'POST' }), send({ method: 'DELETE' })]
  expect(await Promise.all(answers.map(async (one) => textOf(await one)))).toEqual([
    'last',
    'first',
    'first',
  ])
  expect(received[0]).toBe('GET over 0')
  expect(received.slice(1).toSorted()).toEqual(['DELETE over 1', 'POST over 1'])
})

test('a request aborted as it leaves the queue does not hold up the next one', async () => {
  // It fills what is read at once, so that the end of the connection is read along with it.
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 65494\r\n\r\n'
  const { send } = await connected(
    (socket, request) => {
      if (request.startsWith('GET /last')) socket.end(head + 'x'.repeat(65_536 - head.length))
      else socket.write(responseText(''))
    },
    { connections: 1 },
  )
  const leaving = new AbortController()
  const last = send({ path: '/last' }).then((answer) => {
    leaving.abort()
    return textOf(answer)
  })
  const left = send({ method: 'POST', signal: leaving.signal }).catch(() => 'left')
  await turn()
  await turn()
  const behind = [send(), send(), send()].map(async (one) => textOf(await one))
  expect(await last).toHaveLength(65_494)
  expect(await left).toBe('left')
  expect(await Promise.all(behind)).toEqual(['', '', ''])
})

test('a connection is closed on a response without a request', async () => {
  const { server, send } = await connected((socket) => void socket.write(responseText('a')))
  await send()
  server.sockets[0]?.write(responseText('b'))
  await ended(server)
  expect(await textOf(await send())).toBe('a')
})

test('an abort fails the request at every stage', async () => {
  const arrived = Promise.withResolvers<void>()
  const { server, send } = await connected(
    (socket, request) => {
      if (request.startsWith('GET /begun')) socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
      else if (request.startsWith('GET /last')) socket.write(responseText('last'))
      arrived.resolve()
    },
    { connections: 1 },
  )
  const leaving = (path: string) => {
    const caller = new AbortController()
    return { leave: () => caller.abort(), answer: send({ path, signal: caller.signal }) }
  }
  await expect(send({ signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  expect(server.sockets).toHaveLength(0)

  const first = leaving('/silent')
  const behind = leaving('/behind')
  const begun = leaving('/begun')
  await arrived.promise
  behind.leave()
  await expect(behind.answer).rejects.toThrow('aborted')
  first.leave()
  await expect(first.answer).rejects.toThrow('aborted')
  await ended(server)

  const answer = await begun.answer
  begun.leave()
  await expect(textOf(answer)).rejects.toThrow('aborted')
  await ended(server, 1)
  expect(await textOf(await send({ path: '/last' }))).toBe('last')
})

test('a connection is closed if the rest of a body is not read', async () => {
  const { server, send } = await connected((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
  })
  const { body } = await send()
  if (body instanceof Uint8Array) throw new Error('not a stream')
  body.destroy()
  await ended(server)
})

test('rejects with the network’s error', async () => {
  const clientOf = (url: string) => {
    const client = new HttpClient(new URL(url), { connections: 1, timeouts: TIMEOUTS })
    clients.push(client)
    return client
  }
  const nobody = clientOf('http://127.0.0.1:9').send(requestOf({}))
  await expect(nobody).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const nowhere = clientOf('http://emqx.invalid').send(requestOf({}))
  await expect(nowhere).rejects.toMatchObject({
    code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  })
  const closing = clientOf('http://127.0.0.1:9')
  const early = closing.send(requestOf({}))
  const [ends] = await Promise.all([Promise.allSettled([early]), closing.close()])
  expect(ends).toMatchObject([{ reason: { code: 'CLIENT_CLOSED' } }])
})

test('close fails requests under way, queued and later ones', async () => {
  const arrived = Promise.withResolvers<void>()
  const { server, client, send } = await connected(() => arrived.resolve(), { connections: 1 })
  const closed = { code: 'CLIENT_CLOSED' }
  const pending = [send(), send(), send({ method: 'POST' })]
  const ends = pending.map((one) => expect(one).rejects.toMatchObject(closed))
  await arrived.promise
  await client.close()
  await Promise.all(ends)
  await expect(send()).rejects.toMatchObject(closed)
  await ended(server)
  await client.close()
})

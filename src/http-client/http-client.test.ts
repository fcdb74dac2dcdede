import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { HttpClient } from './http-client.ts'
import {
  answerOf,
  BROKEN_OFF,
  connected,
  disconnect,
  ended,
  requestOf,
  textOf,
  TIMEOUTS,
} from './testing.ts'

const clients: HttpClient[] = []

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await disconnect()
})

test('one after the other, requests go over one connection', async () => {
  const { server, send } = await connected((socket, request) => {
    socket.write(answerOf(request.split(' ')[1] ?? ''))
  })
  for (const path of ['/a', '/b', '/c']) expect(await textOf(await send({ path }))).toBe(path)
  expect(server.sockets).toHaveLength(1)
})

test('at the same time, over as many as there may be; others wait for their turn', async () => {
  const waiting: (() => void)[] = []
  const { server, send } = await connected(
    (socket, request) => {
      waiting.push(() => socket.write(answerOf(request.split(' ')[1] ?? '')))
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

test('a safe request is sent again where its connection had ended, any other is not', async () => {
  const received: string[] = []
  const { send } = await connected((socket, request, nth) => {
    const [method = ''] = request.split(' ')
    received.push(`${method} over ${nth}`)
    const isSecond = received.filter((one) => one.endsWith(String(nth))).length === 2
    // It ended while the request was on its way.
    if (isSecond) socket.destroy()
    else socket.write(answerOf(method))
  })
  expect(await textOf(await send())).toBe('GET')
  expect(await textOf(await send())).toBe('GET')
  for (const method of ['POST', 'DELETE', 'PUT']) {
    await send({ method: 'OPTIONS' })
    await expect(send({ method })).rejects.toMatchObject({
      code: expect.stringMatching(BROKEN_OFF),
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

test('a safe request is not sent a third time, nor once something of its answer has come', async () => {
  const received: number[] = []
  let answer = answerOf('first')
  const { send } = await connected((socket, _, nth) => {
    received.push(nth)
    if (answer.endsWith('first') && received.length === 1) socket.write(answer)
    else if (answer === '') socket.destroy()
    else socket.end(answer)
  })
  await send()
  answer = ''
  await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(BROKEN_OFF) })
  expect(received).toEqual([0, 0, 1])

  received.length = 0
  answer = answerOf('first')
  await send()
  answer = 'HTTP/1.1 2'
  await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  expect(received).toEqual([2, 2])
})

test.each([
  ['says that it closes', answerOf('a', 'connection: close')],
  ['sends more than was asked for', `${answerOf('a')}HTTP/1.1 200 OK\r\n`],
  ['is of HTTP/1.0', answerOf('a').replace('1.1', '1.0')],
])('nothing follows an answer that %s', async (_, answer) => {
  const { server, send } = await connected((socket) => void socket.write(answer))
  expect(await textOf(await send())).toBe('a')
  expect(await textOf(await send())).toBe('a')
  await ended(server)
  expect(server.sockets).toHaveLength(2)
})

test.each([
  ['HEAD', answerOf('a').slice(0, -1)],
  ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 1\r\n\r\n'],
])('nothing follows an answer to a %s whose body may come after all', async (method, answer) => {
  const { server, send } = await connected((socket, _, nth) => {
    if (nth > 0) socket.write(answerOf('b'))
    else socket.write(answer, () => setImmediate(() => socket.write(answerOf('a').slice(-1))))
  })
  const { body } = await send({ method })
  expect(body).toHaveLength(0)
  expect(await textOf(await send())).toBe('b')
  await ended(server)
})

test('what has to wait and changes something doesn’t go out behind the end of an answer', async () => {
  const received: string[] = []
  const { send } = await connected(
    (socket, request, nth) => {
      received.push(`${request.split(' ')[0]} over ${nth}`)
      if (nth === 0) socket.end(answerOf('last'))
      else socket.write(answerOf('first'))
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

test('one that leaves as its turn comes holds up nobody behind it', async () => {
  // It fills what is read at once, so that the end of the connection is read along with it.
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 65494\r\n\r\n'
  const { send } = await connected(
    (socket, request) => {
      if (request.startsWith('GET /last')) socket.end(head + 'x'.repeat(65_536 - head.length))
      else socket.write(answerOf(''))
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

test('a connection on which an unasked answer comes is ended', async () => {
  const { server, send } = await connected((socket) => void socket.write(answerOf('a')))
  await send()
  server.sockets[0]?.write(answerOf('b'))
  await ended(server)
  expect(await textOf(await send())).toBe('a')
})

test('one that goes away ends its request, wherever that is', async () => {
  const arrived = Promise.withResolvers<void>()
  const { server, send } = await connected(
    (socket, request) => {
      if (request.startsWith('GET /begun')) socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
      else if (request.startsWith('GET /last')) socket.write(answerOf('last'))
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

test('an answer whose rest is not wanted ends its connection', async () => {
  const { server, send } = await connected((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
  })
  const { body } = await send()
  if (body instanceof Uint8Array) throw new Error('not a stream')
  body.destroy()
  await ended(server)
})

test('says what the network says', async () => {
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

test('closing ends what is on its way, what waits and what comes after', async () => {
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

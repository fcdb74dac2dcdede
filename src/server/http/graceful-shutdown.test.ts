import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADMIN_PASSWORD, sessionCookieOf } from '../../../test/harness/test-server.ts'
import { basicAuthorization } from '../../contract/keys/credentials.ts'
import { createdApiKeySchema } from '../../contract/keys/schemas.ts'

let dataDir: string
let child: ChildProcess
let port: number
let authorization: string

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-stop-'))
  const env = { ...process.env, PORT: '0', MQTT_PORT: '0', DATA_DIR: dataDir, ADMIN_PASSWORD }
  const main = join(import.meta.dirname, '../main.ts')
  const started = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  child = started
  let printed = ''
  for await (const piece of started.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(piece)
    if (printed.includes('Latchkey is ready')) break
  }
  started.stdout.resume()
  port = Number(/ready at \S+:(\d+)/.exec(printed)?.[1])
  const url = `http://127.0.0.1:${port}/api/v1`
  const headers = { 'content-type': 'application/json' }
  const signedIn = await fetch(`${url}/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
  })
  const created = await fetch(`${url}/deployments/plant-telemetry/api-keys`, {
    method: 'POST',
    headers: { ...headers, cookie: sessionCookieOf(signedIn) ?? '' },
    body: JSON.stringify({ access: { mode: 'full' } }),
  })
  const { apiKey, appSecret } = createdApiKeySchema.parse(await created.json())
  authorization = basicAuthorization(apiKey.appId, appSecret)
})
afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(dataDir, { recursive: true })
})

type Answer = { status: number | undefined; body: string; closes: boolean }

/** One request; rejects with the code of what broke it. */
async function ask(path: string, agent: Agent): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, agent, headers: { authorization } })
  sent.end()
  const [response] = await once(sent, 'response')
  const body = await text(response)
  return {
    status: response.statusCode,
    body,
    closes: response.headers.connection === 'close',
  }
}

const CLIENTS = 16

type Load = {
  /** Answers by their client, in order. */
  answers: Answer[][]
  /** What broke a call, by its code. */
  faults: string[]
  over: Promise<unknown>
}

/** Clients that call without a pause, until they are to go away or a call fails. */
function startLoad(keepAlive: (client: number) => boolean, goAway: AbortSignal): Load {
  const faults: string[] = []
  const answers = Array.from({ length: CLIENTS }, (): Answer[] => [])
  const over = answers.map(async (ofClient, at) => {
    const agent = new Agent({ keepAlive: keepAlive(at), maxSockets: 1 })
    try {
      while (!goAway.aborted) ofClient.push(await ask('/plant-telemetry/api/v5/clients', agent))
    } catch (error) {
      faults.push(error instanceof Error && 'code' in error ? String(error.code) : String(error))
    }
    agent.destroy()
  })
  return { answers, faults, over: Promise.all(over) }
}

const isWhole = ({ status, body }: Answer) => status === 200 && body.endsWith('}')
const POLL = { timeout: 20_000 }

test('a server that is stopped under load breaks no call of who asks whether it is ready', async () => {
  const goAway = new AbortController()
  // Some keep their connection, some make one for each call.
  const load = startLoad((client) => client % 2 === 0, goAway.signal)
  const agent = new Agent()
  await expect.poll(() => load.answers.flat().length, POLL).toBeGreaterThan(200)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  let ready = await ask('/readyz', agent)
  while (ready.status === 200) {
    await delay(20)
    ready = await ask('/readyz', agent)
  }
  expect(ready.status).toBe(503)
  const before = load.answers.map(({ length }) => length)
  const goOn = () => load.answers.every(({ length }, at) => length > (before[at] ?? 0) + 1)
  // Whose call breaks doesn't go on; below is said how it broke.
  await expect.poll(() => goOn() || load.faults.length > 0, POLL).toBe(true)
  goAway.abort()
  await load.over
  expect(await exited).toEqual([0, null])
  expect(load.faults).toEqual([])
  expect(load.answers.flat().filter((answer) => !isWhole(answer))).toEqual([])
  await expect(ask('/healthz', agent)).rejects.toThrow('ECONNREFUSED')
})

test('who asks nothing and keeps a connection is told when it is over', async () => {
  const load = startLoad(() => true, new AbortController().signal)
  await expect.poll(() => load.answers.flat().length, POLL).toBeGreaterThan(200)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await load.over
  expect(await exited).toEqual([0, null])
  // Each found nobody to connect to any more, and nothing else.
  expect(load.faults).toEqual(load.answers.map(() => 'ECONNREFUSED'))
  expect(load.answers.flat().filter((answer) => !isWhole(answer))).toEqual([])
  expect(load.answers.map((ofClient) => ofClient.at(-1)?.closes)).toEqual(
    load.answers.map(() => true),
  )
})

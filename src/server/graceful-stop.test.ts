import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { basicAuthorization } from '../contract/credentials.ts'
import { createdApiKeySchema } from '../contract/schemas.ts'
import { ADMIN_PASSWORD, sessionCookieOf } from './testing.ts'

let dataDir: string
let child: ChildProcess
let port: number
let authorization: string

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-stop-'))
  const env = { ...process.env, PORT: '0', MQTT_PORT: '0', DATA_DIR: dataDir, ADMIN_PASSWORD }
  const main = join(import.meta.dirname, 'main.ts')
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

test('a server that is stopped under load breaks no call', async () => {
  const goAway = new AbortController()
  let isStopping = false
  const after: Answer[] = []
  const faults: unknown[] = []
  const enough = Promise.withResolvers<void>()
  let calls = 0

  async function callOn(agent: Agent): Promise<void> {
    while (!goAway.signal.aborted) {
      const since = isStopping
      try {
        const answer = await ask('/plant-telemetry/api/v5/clients', agent)
        calls += 1
        if (answer.status !== 200 || !answer.body.includes('"data"')) faults.push(answer)
        if (since) after.push(answer)
        if (calls > 500) enough.resolve()
      } catch (error) {
        faults.push(error)
      }
    }
    agent.destroy()
  }

  /** What spreads the calls asks now and then, and turns away from what isn't ready. */
  async function watch(): Promise<number | undefined> {
    const agent = new Agent()
    for (;;) {
      const { status } = await ask('/readyz', agent)
      if (status !== 200) {
        goAway.abort()
        return status
      }
      await delay(100)
    }
  }

  const clients = Array.from({ length: CLIENTS }, (_, at) => {
    // Some keep their connection, some make one for each call.
    return callOn(new Agent({ keepAlive: at % 2 === 0, maxSockets: 1 }))
  })
  const watched = watch()
  await enough.promise
  const exited = once(child, 'exit')
  isStopping = true
  child.kill('SIGTERM')

  expect(await watched).toBe(503)
  await Promise.all(clients)
  expect(await exited).toEqual([0, null])
  expect(faults).toEqual([])
  expect(after.length).toBeGreaterThan(0)
  expect(after.at(-1)?.closes).toBe(true)
  await expect(ask('/healthz', new Agent())).rejects.toThrow('ECONNREFUSED')
})

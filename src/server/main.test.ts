import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-main-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function start(environment: Record<string, string>) {
  const env = { ...process.env, PORT: '0', MQTT_PORT: '0', DATA_DIR: dataDir, ...environment }
  const main = join(import.meta.dirname, 'main.ts')
  return spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Waits for the line with the address and returns everything printed until then. */
async function untilReady({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('no standard output')
  let printed = ''
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    printed += String(piece)
    if (printed.includes('Latchkey is ready')) break
  }
  return printed
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'prints its address last, answers, and ends with 0 on %s',
  async (signal) => {
    const child = start({ SAMPLES: 'off', ADMIN_PASSWORD: 'correct horse battery' })
    const printed = await untilReady(child)
    const [, url] = /Latchkey is ready at (http:\/\/localhost:\d+)\n$/.exec(printed) ?? []
    const lines = printed.trimEnd().split('\n').slice(0, -1)
    expect(lines.map((line) => typeof JSON.parse(line).message)).toEqual(lines.map(() => 'string'))
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const exited = once(child, 'exit')
    child.kill(signal)
    child.kill(signal)
    expect(await exited).toEqual([0, null])
  },
  30_000,
)

test.each([
  ['PORT', 'http'],
  ['HOST', '0.0.0.0.0'],
  ['DATA_DIR', '/dev/null/data'],
])(
  'a bad %s ends it with 1 and one line',
  async (name, value) => {
    const child = start({ [name]: value })
    const [printed, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    expect(complaint).toMatch(new RegExp(`^latchkey: ${name} can't be "${value}"\\. .+\\n$`))
    expect([printed, code]).toEqual(['', 1])
  },
  30_000,
)

test('a first start without a password makes one up and shows it this once', async () => {
  const first = start({ SAMPLES: 'off', ADMIN_PASSWORD: '' })
  const printed = await untilReady(first)
  const [, password = ''] = /^Sign in as admin with the password (\S+) /m.exec(printed) ?? []
  const [, url] = /ready at (\S+)/.exec(printed) ?? []
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  })
  expect(signedIn.status).toBe(201)
  expect(printed.split(password)).toHaveLength(2)
  const ended = once(first, 'exit')
  first.kill()
  await ended

  const second = start({ SAMPLES: 'off', ADMIN_PASSWORD: '' })
  expect(await untilReady(second)).not.toContain('Sign in as')
  const endedToo = once(second, 'exit')
  second.kill()
  await endedToo
}, 30_000)

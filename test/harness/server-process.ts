import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createdTokenSchema } from '../../src/contract/accounts/schemas.ts'

const ADMIN_PASSWORD = 'correct horse battery'

/** A server in a process of its own, as `npm start` would run it, but without a console. */
export type ServerProcess = {
  url: string
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Ends it as an operator would. */
  stop(): Promise<void>
}

/** Starts a server on any free port, with no samples. Rejects where it doesn't start. */
export async function startServerProcess(
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-process-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/server/main.ts')], {
    env: {
      ...process.env,
      PORT: '0',
      MQTT_PORT: '0',
      SAMPLES: 'off',
      LOG_LEVEL: 'error',
      DATA_DIR: dataDir,
      ADMIN_PASSWORD,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const url = await addressOf(child)
    return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the server has no standard output')
  let printed = ''
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    printed += String(piece)
    const [, url] = /ready at (\S+)/.exec(printed) ?? []
    if (url !== undefined) {
      stdout.resume()
      return url.replace('localhost', '127.0.0.1')
    }
  }
  throw new Error(`the server doesn't start: ${printed}`)
}

/** Signs in as the first administrator; gives the secret of a new automation token. */
export async function administratorToken(url: string): Promise<string> {
  const json = { 'content-type': 'application/json' }
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
  })
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';', 1)[0])
  const created = await fetch(`${url}/api/v1/tokens`, {
    method: 'POST',
    headers: { ...json, cookie: cookie.join('; ') },
    body: JSON.stringify({ name: 'Check', role: 'administrator', expiresAt: null }),
  })
  return createdTokenSchema.parse(await created.json()).secret
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import type { HostOptions } from './e2e/support/fixtures.ts'

const HOST = '127.0.0.1'

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, HOST, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

// Every worker reads this file again: what is chosen once is handed on in the environment.
process.env['E2E_SERVER_PORT'] ??= String(await freePort())
process.env['E2E_DEMO_PORT'] ??= String(await freePort())
if (process.env['E2E_DATA_DIR'] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'))
  process.env['E2E_DATA_DIR'] = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
}

const administratorPassword = (process.env['E2E_ADMIN_PASSWORD'] ??=
  randomBytes(12).toString('hex'))

const server = `http://${HOST}:${process.env['E2E_SERVER_PORT']}`
const demo = `http://${HOST}:${process.env['E2E_DEMO_PORT']}`

/**
 * The stories of `e2e/` in Chromium, against a server and against the demo. A spec named
 * `….server.spec.ts` or `….demo.spec.ts` is of one of them alone.
 */
export default defineConfig<object, HostOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // As many as cores are wanted: with more, each waits for the others.
  workers: 2,
  timeout: 120_000,
  // How long to wait before something is missing, not how quick it should be: machines are busy.
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // A trace of every test would take a third of the time; `--trace on` gives one of a failure.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // What draws is little here, and no process of its own.
        '--in-process-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // The tabs of a profile share one process, which starts once.
        '--renderer-process-limit=1',
        // A story is over before code that runs faster has earned the time to compile it.
        '--js-flags=--no-opt --no-maglev --liftoff-only --no-wasm-tier-up',
      ],
    },
  },
  projects: [
    {
      name: 'server',
      testIgnore: '**/*.demo.spec.ts',
      // Who asks for less motion is served as well: here always, in the demo never.
      use: {
        baseURL: server,
        administratorPassword,
        contextOptions: { reducedMotion: 'reduce' },
      },
    },
    {
      name: 'demo',
      testIgnore: '**/*.server.spec.ts',
      use: { baseURL: demo },
    },
  ],
  webServer: [
    {
      command: 'node scripts/start.ts',
      url: `${server}/healthz`,
      env: {
        PORT: process.env['E2E_SERVER_PORT'],
        DATA_DIR: process.env['E2E_DATA_DIR'],
        MQTT_PORT: '0',
        ADMIN_PASSWORD: administratorPassword,
        LOG_LEVEL: 'warn',
      },
    },
    { command: 'node scripts/demo.ts', url: demo, env: { PORT: process.env['E2E_DEMO_PORT'] } },
  ],
})

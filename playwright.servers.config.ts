import { defineConfig } from '@playwright/test'
import config from './playwright.config.ts'

const server = `http://127.0.0.1:${process.env['E2E_SERVER_PORT']}`

/** Stories that can't be told to two servers. */
const leftOut = [
  // Its client connects to an embedded broker, and those belong to one server.
  /A key for listing and publishing does just that to a connected client/,
]

/** The stories of a server, told to two on one PostgreSQL, each request to the other one. */
export default defineConfig({
  ...config,
  grepInvert: leftOut,
  projects: (config.projects ?? []).filter(({ name }) => name !== 'demo'),
  webServer: {
    command: 'node scripts/checks/two-servers.ts',
    url: `${server}/healthz`,
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    env: {
      PORT: process.env['E2E_SERVER_PORT'] ?? '',
      ADMIN_PASSWORD: process.env['E2E_ADMIN_PASSWORD'] ?? '',
    },
  },
})

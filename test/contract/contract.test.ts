import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { contractCases } from '../../src/contract-suite/contract-suite.ts'
import type { RecordingHost } from '../../src/contract-suite/host.ts'
import { MANAGEMENT_BASE } from '../../src/contract/http/base-path.ts'
import { newDatabaseBeside } from '../harness/postgres/postgres.ts'
import { startTestServer, type TestServer } from '../harness/test-server.ts'

const engines = [
  { name: 'SQLite', settings: async () => ({}) },
  {
    name: 'PostgreSQL',
    settings: async () => ({ DATABASE_URL: await newDatabaseBeside(inject('postgresUrl')) }),
  },
]

describe.each(engines)('On $name,', ({ settings }) => {
  let server: TestServer
  let host: RecordingHost

  beforeAll(async () => {
    server = await startTestServer({ environment: { SAMPLES: 'on', ...(await settings()) } })
    host = {
      settle: () => server.settle(),
      async send(method, path, { headers, body } = {}) {
        const isManagement = path.startsWith(MANAGEMENT_BASE)
        const response = await fetch(`${server.url}${path}`, {
          method,
          headers: {
            ...(isManagement && { authorization: `Bearer ${await server.token()}` }),
            ...headers,
          },
          ...(body !== undefined && { body }),
        })
        const text = await response.text()
        return { status: response.status, headers: Object.fromEntries(response.headers), text }
      },
    }
  })
  afterAll(() => server.stop())

  test.each(contractCases)('$name', ({ run }) => run(host))
})

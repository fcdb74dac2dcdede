import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { newDatabaseBeside } from '../../../test/harness/postgres/postgres.ts'
import {
  startTestServer,
  type TestServer,
  type TestSession,
} from '../../../test/harness/test-server.ts'
import { answerJson, startFakeEmqx } from '../../backends/emqx/fake-emqx.ts'
import { deploymentListSchema } from '../../contract/deployments/schemas.ts'
import { Secret } from '../../contract/secret.ts'
import { moveToPostgresql } from './move-to-postgresql.ts'

let dataDir: string
let databaseUrl: string

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-move-'))
  databaseUrl = await newDatabaseBeside(inject('postgresUrl'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

function move(): Promise<string> {
  const encryptionKeyFile = join(dataDir, 'encryption.key')
  const config = { dataDir, databaseUrl: null, encryptionKeyFile }
  return moveToPostgresql(config, new Secret(databaseUrl), () => new Date())
}

/** What the management API tells, but for what is live. */
async function everything(
  server: TestServer,
  { headers }: TestSession,
  paths: readonly string[],
): Promise<unknown> {
  const read = async (path: string) => (await server.api('GET', path, undefined, headers)).json()
  const { items } = deploymentListSchema.parse(await read('/deployments'))
  const deployments = items.map(({ id, name, plan, backend, createdAt, revision, apiKeyCount }) => {
    return { id, name, plan, backend, createdAt, revision, apiKeyCount }
  })
  return [deployments, await Promise.all(paths.map(read))]
}

test('a store moves whole: keys work, credentials open, history and use are there', async () => {
  const emqx = await startFakeEmqx((request, response) => {
    const isRight = request.headers.authorization === `Basic ${btoa('upstream:upstream-s3cret')}`
    answerJson(response, isRight ? [{ node_status: 'running' }] : 'wrong')
  })
  const environment = { SAMPLES: 'on' }
  const before = await startTestServer({ dataDir, environment })
  const id = await before.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const key = await before.createKey(id, { note: 'Größe', access: { mode: 'full' } })
  const session = await before.signIn()
  const call = ({ url }: TestServer) =>
    fetch(`${url}/${id}/api/v5/clients`, { headers: { authorization: key.authorization } })
  expect((await call(before)).status).toBe(200)
  await before.settle()
  const paths = [
    `/deployments/${id}/api-keys`,
    `/deployments/${id}/api-keys/${key.appId}/usage?days=1`,
    '/deployments/ferry-signals/api-keys',
    '/users',
    '/activity?limit=100',
  ]
  const told = await everything(before, session, paths)
  await expect(move()).rejects.toThrow(/^DATA_DIR \(.+\) is in use by another Latchkey\./)
  await before.stop()

  const done = await move()
  expect(done).toMatch(/^Moved, and compared row by row: 6 deployments, 4 api keys, /)
  expect(done).not.toContain('s3cret')
  await expect(move()).rejects.toThrow(
    'That database has a store already, with rows in deployments. Name an empty one; nothing was moved.',
  )

  const after = await startTestServer({
    dataDir,
    environment: { ...environment, DATABASE_URL: databaseUrl },
  })
  await expect(move()).rejects.toThrow('A server runs on that database.')
  expect(await everything(after, session, paths)).toEqual(told)
  expect((await call(after)).status).toBe(200)
  await after.stop()
  await emqx.close()
})

test('a database that holds something else is left alone', async () => {
  const first = await startTestServer({ dataDir })
  await first.stop()
  const client = new Client(databaseUrl)
  await client.connect()
  await client.query('create table users (name text)')
  await expect(move()).rejects.toThrow(
    "DATABASE_URL names a database that can't be used: it holds tables of something else.",
  )
  await client.end()
})

import { setImmediate as turn } from 'node:timers/promises'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { engines, testDatabase } from '../../../../test/harness/engines.ts'
import { StoreError } from '../../../store/store-error.ts'
import { connectionConfig } from './postgres-connection.ts'
import { BatchedReads } from './postgres-reads.ts'

/** Two keys, in a database with nothing else. */
async function addKeys(): Promise<void> {
  const store = await engines.find(({ name }) => name === 'PostgreSQL')?.openEmpty()
  const createdAt = '2026-11-23T12:00:00.000Z'
  const deployment = { id: 'line-3', name: 'line-3', plan: 'dedicated', version: 'v5' } as const
  const backend = { kind: 'embedded' } as const
  await store?.deployments.create({ ...deployment, region: null, backend, createdAt })
  for (const appId of ['one', 'other']) {
    const of = { appId, deploymentId: 'line-3', secretHash: new Uint8Array(32) }
    const access = { mode: 'full' } as const
    await store?.apiKeys.create({ ...of, note: '', access, legacy: false, createdAt })
  }
}

/** Reads that give back what they are asked for, after some seconds; of `nothing` there is no row. */
async function openReads() {
  await addKeys()
  const config = connectionConfig(await testDatabase())
  const reads = new BatchedReads(config)
  onTestFinished(() => reads.close())
  const connect = async () => {
    const client = new Client(config)
    await client.connect()
    onTestFinished(() => client.end())
    return client
  }
  const client = await connect()
  const { read, epoch } = reads.of({
    sqlFor(count) {
      const rows = Array.from({ length: count }, (_, place) => {
        return `(${place}, cast($${2 * place + 1} as text), cast($${2 * place + 2} as float))`
      })
      return `with asked (place, text, seconds) as (values ${rows.join()})
        select place, text, pg_sleep(seconds), pg_backend_pid(), ${count} from asked where text <> 'nothing'`
    },
  })
  return {
    client,
    connect,
    /** With how many in one statement. */
    readAmong: async (text: string) => {
      const { row } = await read([text, 0])
      return row && [row[1], row[4]]
    },
    read: async (text: string, seconds = 0) => (await read([text, seconds])).row?.[1],
    /** The process of the database that answers now. */
    process: async () => Number((await read(['who', 0])).row?.[3]),
    epochOfRead: async () => (await read(['when', 0])).epoch,
    epoch: async () => epoch?.(),
  }
}

test('what is asked for meanwhile goes into one statement, and each gets its own row', async () => {
  const { readAmong } = await openReads()
  const texts = Array.from({ length: 100 }, (_, at) => (at % 7 === 3 ? 'nothing' : `row ${at}`))
  const found = await Promise.all(texts.map((text) => readAmong(text)))
  expect(found).toEqual(
    texts.map((text, at) => (text === 'nothing' ? undefined : [text, at < 96 ? 32 : 4])),
  )
  expect(await readAmong('alone')).toEqual(['alone', 1])
})

test('one that gets no answer is given up, and keeps no other one waiting', async () => {
  const { read } = await openReads()
  await read('first')
  const stuck = read('stuck', 30).catch((error: unknown) => error)
  // In a turn of its own, or they would be of one statement.
  await turn()
  expect(await read('another')).toBe('another')
  const many = Array.from({ length: 200 }, (_, at) => `row ${at}`)
  expect(await Promise.all(many.map((text) => read(text)))).toEqual(many)
  expect(await stuck).toBeInstanceOf(StoreError)
  expect(await read('after')).toBe('after')
})

test('a connection that breaks is made anew', async () => {
  const { read, client, process } = await openReads()
  const before = await process()
  await client.query('select pg_terminate_backend($1)', [before])
  await expect.poll(() => read('again').catch(() => undefined)).toBe('again')
  expect(await process()).not.toBe(before)
})

test('a database that lets nobody connect is away, whatever it says of it', async () => {
  const url = new URL(await testDatabase())
  url.pathname = '/there_is_none'
  const reads = new BatchedReads(connectionConfig(url.href))
  onTestFinished(() => reads.close())
  const { read, epoch } = reads.of({ sqlFor: () => 'select 0' })
  await expect(read([])).rejects.toThrow(StoreError)
  await expect(epoch?.()).rejects.toThrow(StoreError)
})

test('an epoch ends with each commit that changed a key, and with the connection that told it', async () => {
  const { epoch, epochOfRead, client, process } = await openReads()
  for (let round = 0; round < 20; round += 1) {
    const before = await epoch()
    await client.query('begin')
    await client.query('update api_keys set disabled = 1 - disabled')
    expect(await epochOfRead()).toBe(before)
    await client.query('savepoint here')
    await client.query('update api_keys set disabled = 1 - disabled')
    await client.query(round % 2 === 0 ? 'release here' : 'rollback to here')
    expect(await epoch()).toBe(before)
    await client.query('commit')
    const after = await epochOfRead()
    expect(after).not.toBe(before)
    expect(await epoch()).toBe(after)
  }
  const before = await epoch()
  await client.query('select pg_terminate_backend($1)', [await process()])
  await expect.poll(() => epoch().catch(() => before)).not.toBe(before)
})

test('transactions end an epoch each, in whatever order they were begun', async () => {
  const { epoch, connect } = await openReads()
  const [one, other] = [await connect(), await connect()]
  const before = await epoch()
  await one.query("begin; update api_keys set disabled = 1 where app_id = 'one'")
  await other.query("begin; update api_keys set disabled = 1 where app_id = 'other'")
  expect(await epoch()).toBe(before)
  await other.query('commit')
  const between = await epoch()
  expect(between).not.toBe(before)
  expect(await epoch()).toBe(between)
  await one.query('commit')
  const after = await epoch()
  expect(after).not.toBe(between)
  await one.query("begin; update api_keys set disabled = 0 where app_id = 'one'; rollback")
  expect(await epoch()).toBe(after)
})

test('tables that were put back from a backup end an epoch, whatever is noted in them', async () => {
  const { epoch, client } = await openReads()
  for (const table of ['api_keys', 'deployments', 'key_changes']) {
    const before = await epoch()
    await client.query(`begin; create table put_back (like ${table} including all);
      alter table ${table} rename to put_away; alter table put_back rename to ${table}; commit`)
    expect(await epoch()).not.toBe(before)
    await client.query(`begin; alter table ${table} rename to put_back;
      alter table put_away rename to ${table}; drop table put_back; commit`)
  }
})

test('numbers of transactions that are still to come end no epoch, and hide no change', async () => {
  const { epoch, client } = await openReads()
  onTestFinished(async () => {
    await client.query('delete from key_changes')
  })
  const addAhead = (first: number, count: number) =>
    client.query(
      `insert into key_changes select (next::text::bigint + ahead)::text::xid8
        from pg_snapshot_xmax(pg_current_snapshot()) as next, generate_series($1::int, $2::int) as ahead
        on conflict do nothing`,
      [first, first + count],
    )
  await addAhead(1_000_000_000, 10)
  const before = await epoch()
  expect(await epoch()).toBe(before)
  // Others write to the same cluster, and reach these numbers as well.
  await addAhead(0, 300)
  for (let round = 0; round < 20; round += 1) {
    const before = await epoch()
    await client.query('update api_keys set disabled = 1 - disabled')
    expect(await epoch()).not.toBe(before)
  }
})

test('whatever a call reads of a key ends an epoch when it is changed, and nothing else does', async () => {
  const { epoch, client } = await openReads()
  const ends = async (statement: string) => {
    const before = await epoch()
    await client.query(statement)
    return (await epoch()) !== before
  }
  const read = {
    api_keys:
      'app_id deployment_id access_mode operations secret_hash disabled expires_at old_secret_hash old_secret_ends_at allowed_addresses',
    deployments: 'id plan version created_at',
  }
  for (const [table, columns] of Object.entries(read)) {
    const { fields } = await client.query(`select * from ${table}`)
    const ending = []
    for (const { name } of fields) {
      if (await ends(`update ${table} set ${name} = ${name}`)) ending.push(name)
    }
    expect(ending.toSorted()).toEqual(columns.split(' ').toSorted())
  }
  expect(await ends("delete from api_keys where app_id = 'one'")).toBe(true)
  expect(await ends('truncate api_keys cascade')).toBe(true)
  expect(await ends('delete from deployments')).toBe(true)
  expect(await ends('set session_replication_role = replica; delete from deployments')).toBe(true)
})

test('who asks for the epoch alone is told with those who read, by one statement', async () => {
  const { readAmong, epoch } = await openReads()
  const [second, one, two, third, three] = await Promise.all([
    readAmong('second'),
    epoch(),
    epoch(),
    readAmong('third'),
    epoch(),
  ])
  expect([second, third]).toEqual([
    ['second', 2],
    ['third', 2],
  ])
  expect([two, three]).toEqual([one, one])
})

test('more than can be read before long are refused at once', async () => {
  const { read } = await openReads()
  const asked = Array.from({ length: 2100 }, (_, at) => read(`row ${at}`))
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(100)
})

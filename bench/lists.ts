import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { apiKeySorts } from '../src/contract/keys/api-key-sorts.ts'
import { keyConditions } from '../src/contract/keys/key-conditions.ts'
import { apiKeyPageSchema } from '../src/contract/keys/schemas.ts'
import { startCluster } from '../test/harness/postgres/postgres.ts'
import { startTestServer } from '../test/harness/test-server.ts'
import { median, say, shown, table } from './print.ts'
import { withFolder } from './process.ts'
import { configOf, DEPLOYMENT, environmentOf, fillStore } from './store.ts'

const KEYS = 10_000
const TIMES = 20
const LIMIT = 50

/** What is asked for: lists, each in every way that the console has, and the counts above them. */
const questions: readonly { name: string; path: string }[] = [
  ...apiKeySorts.map((sort) => ({ name: `sort ${sort}`, path: `api-keys?sort=${sort}` })),
  ...['line 7', 'alerts 9', '9999', 'nobody'].flatMap((search) => {
    const words = `search=${encodeURIComponent(search)}`
    return [
      { name: `search "${search}"`, path: `api-keys?${words}` },
      { name: `search "${search}", by note`, path: `api-keys?${words}&sort=note` },
    ]
  }),
  ...['full', 'list'].map((access) => ({
    name: `access ${access}`,
    path: `api-keys?access=${access}`,
  })),
  ...keyConditions.map((is) => ({
    name: `condition ${is}`,
    path: `api-keys?condition=${is}&sort=appId`,
  })),
  { name: 'counts of key health', path: 'key-health' },
]

/** How long the server takes for lists of ten thousand keys, on both stores. */
export async function benchLists(): Promise<void> {
  const cluster = await startCluster().catch((error: unknown) => {
    say(`PostgreSQL is left out: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  })
  const stores = await withFolder(async (folder) => {
    const onSqlite = await timesOn(folderIn(folder, 'sqlite'), undefined)
    const url = await cluster?.newDatabase()
    const onPostgres = url && (await timesOn(folderIn(folder, 'postgres'), url))
    return { SQLite: onSqlite, ...(onPostgres && { PostgreSQL: onPostgres }) }
  })
  await cluster?.remove()
  say(`Lists of ${shown(KEYS)} keys, milliseconds at the server, median and longest of ${TIMES}`)
  const rows = [...questions.map(({ name }) => name), 'next page'].map((name) => [
    name,
    ...Object.values(stores).flatMap((times) => {
      const taken = times.get(name) ?? []
      return [shown(median(taken), 1), shown(Math.max(...taken), 1)]
    }),
  ])
  table(['', ...Object.keys(stores).flatMap((name) => [name, 'longest'])], rows)
}

function folderIn(folder: string, name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

async function timesOn(dataDir: string, url: string | undefined): Promise<Map<string, number[]>> {
  await fillStore(configOf(dataDir, url), {
    upstream: 'http://127.0.0.1:9',
    keys: KEYS,
    used: true,
  })
  const server = await startTestServer({ environment: environmentOf(dataDir, url), dataDir })
  const times = new Map<string, number[]>()
  const ask = async (name: string, path: string): Promise<unknown> => {
    const started = performance.now()
    const answer = await server.api('GET', `/deployments/${DEPLOYMENT}/${path}`)
    const body: unknown = await answer.json()
    const taken = performance.now() - started
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
    times.set(name, [...(times.get(name) ?? []), taken])
    return body
  }
  // What the first of a kind takes longer is not of interest.
  for (const { name, path } of questions) await ask(name, path)
  times.clear()
  for (let time = 0; time < TIMES; time += 1) {
    for (const { name, path } of questions) await ask(name, path)
    await askForMiddle(ask)
  }
  await server.stop()
  return times
}

/** The page after a place somewhere in the list. */
async function askForMiddle(ask: (name: string, path: string) => Promise<unknown>): Promise<void> {
  const sort = 'sort=note'
  const { nextCursor } = apiKeyPageSchema.parse(
    await ask('some page', `api-keys?${sort}&limit=200`),
  )
  await ask('next page', `api-keys?${sort}&limit=${LIMIT}&cursor=${nextCursor ?? ''}`)
}

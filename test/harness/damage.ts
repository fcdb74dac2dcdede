import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

/** What SQLite finds wrong with a database. */
export function findDamageIn(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const found = database.prepare('pragma integrity_check').all()
    const wrong = found.map((row) => String(row['integrity_check'])).filter((one) => one !== 'ok')
    const strays = database.prepare('pragma foreign_key_check').all()
    return [...wrong, ...strays.map((row) => `a row of ${String(row['table'])} refers to nothing`)]
  } finally {
    database.close()
  }
}

// A server that is at work has transactions too, but none that waits so long.
const LEFT_AFTER_SECONDS = 5

/** What a server that is gone left behind in a PostgreSQL database. */
export async function findLeftovers(url: string): Promise<string[]> {
  const client = new Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<{ query: string }>(
      `select query from pg_stat_activity where datname = current_database()
        and state like 'idle in transaction%'
        and state_change < now() - interval '${LEFT_AFTER_SECONDS} seconds'`,
    )
    return rows.map(({ query }) => `a transaction was left open after ${query}`)
  } finally {
    await client.end()
  }
}

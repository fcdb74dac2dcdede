import { readConfig } from '../../src/server/config/config.ts'
import { moveToPostgresql } from '../../src/server/storage/move-to-postgresql.ts'
import { runCommand } from './store-command.ts'

await runCommand('move-to-postgresql', 'DATABASE_URL', async (config, url) => {
  const { databaseUrl } = readConfig({ DATABASE_URL: url })
  if (databaseUrl === null) throw new Error('a database was named')
  return moveToPostgresql(config, databaseUrl, () => new Date())
})

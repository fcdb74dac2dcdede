import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ConfigError, readConfig } from './config/config.ts'
import { createLog } from './runtime/logs.ts'
import { startServer } from './server.ts'

const now = () => new Date()

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel, { write: (line) => process.stdout.write(line), now })
  const server = await startServer({
    config,
    consoleFolder: join(import.meta.dirname, '../../dist/console'),
    now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log,
    print: (line) => process.stdout.write(`${line}\n`),
  })

  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    log.info('Stopping')
    void server
      .drain()
      .then(() => server.stop())
      .then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdout.write(`Latchkey is ready at ${server.url}\n`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`latchkey: ${error.message}\n`)
  process.exitCode = 1
}

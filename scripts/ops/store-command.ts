import { ConfigError, readConfig, type Config } from '../../src/server/config/config.ts'

/** Runs a command with its one argument on the store of the settings, and says what it did. */
export async function runCommand(
  name: string,
  takes: 'FILE' | 'DATABASE_URL',
  run: (config: Config, argument: string) => Promise<string>,
): Promise<void> {
  const [argument, ...rest] = process.argv.slice(2)
  try {
    if (argument === undefined || rest.length > 0) {
      throw new ConfigError(`name it: npm run ${name} -- ${takes}`)
    }
    process.stdout.write(`${await run(readConfig(process.env), argument)}\n`)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`latchkey: ${error.message}\n`)
    process.exitCode = 1
  }
}

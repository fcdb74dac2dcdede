import { BadSetting, readConfig, type Config } from '../src/server/config.ts'

/** Runs a command that takes one file, on the store of the settings, and says what it did. */
export async function runCommand(
  name: string,
  run: (config: Config, file: string) => Promise<string>,
): Promise<void> {
  const [file, ...rest] = process.argv.slice(2)
  try {
    if (file === undefined || rest.length > 0) {
      throw new BadSetting(`name one file: npm run ${name} -- FILE`)
    }
    process.stdout.write(`${await run(readConfig(process.env), file)}\n`)
  } catch (error) {
    if (!(error instanceof BadSetting)) throw error
    process.stderr.write(`latchkey: ${error.message}\n`)
    process.exitCode = 1
  }
}

import { backUp } from '../src/server/backups.ts'
import { runCommand } from './store-command.ts'

await runCommand('backup', (config, file) => backUp(config, file))

import { backUp } from '../../src/server/storage/backups.ts'
import { runCommand } from './store-command.ts'

await runCommand('backup', 'FILE', (config, file) => backUp(config, file))

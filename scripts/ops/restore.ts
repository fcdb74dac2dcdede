import { restore } from '../../src/server/storage/backups.ts'
import { runCommand } from './store-command.ts'

await runCommand('restore', 'FILE', (config, file) => restore(config, file, new Date()))

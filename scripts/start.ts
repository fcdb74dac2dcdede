import { ensureBuilt } from './setup/build.ts'

/** Starts Latchkey with its console, which is built first where its sources changed. */
await ensureBuilt('console')
await import('../src/server/main.ts')

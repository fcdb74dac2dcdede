import type { TestProject } from 'vitest/node'
import { startCluster } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the run's PostgreSQL, to make others beside. */
    postgresUrl: string
  }
}

/** One PostgreSQL for all tests of a run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster()
  project.provide('postgresUrl', cluster.urlOf('postgres'))
  return () => cluster.remove()
}

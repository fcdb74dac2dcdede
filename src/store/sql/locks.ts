import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { jsonList } from './json-rows.ts'

/** Locks for engines with several connections. Each is held until its transaction ends. */
export type Locks = {
  /** Waits for other changes: they are made one at a time. */
  serializeChanges(transaction: Kysely<Database>): Promise<void>
  /** Tries to lock background work; false if another server is doing it. */
  tryBackground(transaction: Kysely<Database>, work: BackgroundWork): Promise<boolean>
  /**
   * Whether the engine has row locks. Work on several keys then locks them first, ordered by id,
   * and deployments after keys, which prevents deadlocks.
   */
  readonly hasRowLocks: boolean
}

/** Periodic work that one server does at a time. */
export type BackgroundWork = 'ageing'

/** For an engine with one connection, whose transactions are serial anyway. */
export const NO_LOCKS: Locks = {
  serializeChanges: async () => {},
  tryBackground: async () => true,
  hasRowLocks: false,
}

/** Locks those of the keys that exist, and returns them. */
export async function lockKeys(
  transaction: Kysely<Database>,
  locks: Locks,
  appIds: readonly string[],
): Promise<{ app_id: string; deployment_id: string }[]> {
  const rows = transaction.selectFrom('api_keys').where('app_id', 'in', jsonList(appIds))
  const keys = rows.select(['app_id', 'deployment_id'])
  const inOrder = keys.orderBy('app_id')
  return (locks.hasRowLocks ? inOrder.forNoKeyUpdate() : inOrder).execute()
}

/** Locks those of the deployments that exist, and returns their ids. */
export async function lockDeployments(
  transaction: Kysely<Database>,
  locks: Locks,
  ids: readonly string[],
): Promise<string[]> {
  const deployments = transaction
    .selectFrom('deployments')
    .select('id')
    .where('id', 'in', jsonList(ids))
  const inOrder = deployments.orderBy('id')
  const rows = await (locks.hasRowLocks ? inOrder.forNoKeyUpdate() : inOrder).execute()
  return rows.map((row) => row.id)
}

/** Locks the keys of a deployment before its removal. */
export async function lockKeysOf(
  transaction: Kysely<Database>,
  locks: Locks,
  deploymentId: string,
): Promise<void> {
  if (!locks.hasRowLocks) return
  const keys = transaction.selectFrom('api_keys').select('app_id')
  const ofDeployment = keys.where('deployment_id', '=', deploymentId)
  await ofDeployment.orderBy('app_id').forUpdate().execute()
}

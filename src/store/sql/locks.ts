import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { sentList } from './json-rows.ts'

/**
 * What keeps work apart that runs at the same time, on engines with several connections. Each
 * lock is held until its transaction ends.
 */
export type Locks = {
  /** Waits for other changes, so that they are made one at a time. */
  forChange(transaction: Kysely<Database>): Promise<void>
  /** Whether this piece of background work is under way nowhere else. Never waits. */
  tryBackground(transaction: Kysely<Database>, work: BackgroundWork): Promise<boolean>
  /**
   * Whether rows have locks. Who touches those of several keys then locks the keys first, in
   * the order of their ids, and deployments after keys: so nobody waits in a circle.
   */
  readonly ofRows: boolean
}

/** What is done now and then, on one server at a time. */
export type BackgroundWork = 'ageing'

/** For an engine with one connection, which does one transaction after the other. */
export const NO_LOCKS: Locks = {
  forChange: async () => {},
  tryBackground: async () => true,
  ofRows: false,
}

/** The keys among these that there are, locked until the transaction ends. */
export async function lockKeys(
  transaction: Kysely<Database>,
  locks: Locks,
  appIds: readonly string[],
): Promise<{ app_id: string; deployment_id: string }[]> {
  const rows = transaction.selectFrom('api_keys').where('app_id', 'in', sentList(appIds))
  const keys = rows.select(['app_id', 'deployment_id'])
  const inOrder = keys.orderBy('app_id')
  return (locks.ofRows ? inOrder.forNoKeyUpdate() : inOrder).execute()
}

/** The deployments among these that there are, locked until the transaction ends. */
export async function lockDeployments(
  transaction: Kysely<Database>,
  locks: Locks,
  ids: readonly string[],
): Promise<string[]> {
  const deployments = transaction
    .selectFrom('deployments')
    .select('id')
    .where('id', 'in', sentList(ids))
  const inOrder = deployments.orderBy('id')
  const rows = await (locks.ofRows ? inOrder.forNoKeyUpdate() : inOrder).execute()
  return rows.map((row) => row.id)
}

/** Locks the keys of a deployment that is to be removed, until the transaction ends. */
export async function lockKeysOf(
  transaction: Kysely<Database>,
  locks: Locks,
  deploymentId: string,
): Promise<void> {
  if (!locks.ofRows) return
  const keys = transaction.selectFrom('api_keys').select('app_id')
  const ofDeployment = keys.where('deployment_id', '=', deploymentId)
  await ofDeployment.orderBy('app_id').forUpdate().execute()
}

import type { Kysely, Selectable } from 'kysely'
import type { Edition } from '../contract/deployments/plans.ts'
import { Secret } from '../contract/secret.ts'
import type { SecretCipher } from './encryption.ts'
import type { Database } from './schema.ts'
import { byName } from './sql/by-name.ts'
import { lockKeysOf, type Locks } from './sql/locks.ts'
import { inTransaction } from './sql/transaction.ts'
import type { UpdateResult } from './update-result.ts'

/** Where a deployment's API is answered; the credentials of an EMQX are opened here. */
export type BackendRecord =
  | { kind: 'embedded' }
  | { kind: 'emqx'; url: string; keyId: string; keySecret: Secret }

/** A deployment as it is stored. */
export type DeploymentRecord = Edition & {
  id: string
  name: string
  region: string | null
  backend: BackendRecord
  /** A small number of its own, which an embedded broker's TCP port follows from. */
  listenerIndex: number
  createdAt: string
  revision: number
  /** When a call was allowed last, as far as that is written. */
  lastApiCallAt: string | null
}

export type NewDeployment = Omit<DeploymentRecord, 'listenerIndex' | 'revision' | 'lastApiCallAt'>

/** The deployments. Everything rejects when the engine does. */
export type DeploymentStore = ReturnType<typeof deploymentStore>

export function deploymentStore(db: Kysely<Database>, cipher: SecretCipher, locks: Locks) {
  async function toRecord(row: Selectable<Database['deployments']>): Promise<DeploymentRecord> {
    return {
      id: row.id,
      name: row.name,
      plan: row.plan,
      version: row.version,
      region: row.region,
      backend: await toBackend(row),
      listenerIndex: row.listener_index,
      createdAt: row.created_at,
      revision: row.revision,
      lastApiCallAt: row.last_api_call_at,
    }
  }

  async function toBackend(row: Selectable<Database['deployments']>): Promise<BackendRecord> {
    const { backend_url: url, backend_key_id: keyId, backend_key_secret: encrypted } = row
    if (row.backend_kind === 'embedded') return { kind: 'embedded' }
    if (url === null || keyId === null || encrypted === null) {
      throw new Error(`deployment ${row.id} has an EMQX endpoint without address or credentials`)
    }
    return { kind: 'emqx', url, keyId, keySecret: new Secret(await cipher.decrypt(encrypted)) }
  }

  async function get(id: string): Promise<DeploymentRecord | undefined> {
    const row = await db
      .selectFrom('deployments')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && toRecord(row)
  }

  async function why(id: string): Promise<{ outcome: 'missing' } | { outcome: 'stale' }> {
    return { outcome: (await get(id)) ? 'stale' : 'missing' }
  }

  return {
    get,

    /** Every deployment, by name. */
    async list(): Promise<DeploymentRecord[]> {
      const rows = await db.selectFrom('deployments').selectAll().execute()
      return Promise.all(rows.toSorted(byName).map(toRecord))
    },

    /** Adds a deployment with the lowest free listener index; false when its id is taken. */
    async create(deployment: NewDeployment): Promise<boolean> {
      const { backend } = deployment
      const emqx = backend.kind === 'emqx' ? backend : undefined
      const encrypted = emqx ? await cipher.encrypt(emqx.keySecret.reveal()) : null
      return inTransaction(db, async (transaction) => {
        const rows = await transaction.selectFrom('deployments').select('listener_index').execute()
        const taken = new Set(rows.map((row) => row.listener_index))
        let listenerIndex = 0
        while (taken.has(listenerIndex)) listenerIndex += 1
        const added = await transaction
          .insertInto('deployments')
          .values({
            id: deployment.id,
            name: deployment.name,
            plan: deployment.plan,
            version: deployment.version,
            region: deployment.region,
            backend_kind: backend.kind,
            backend_url: emqx?.url ?? null,
            backend_key_id: emqx?.keyId ?? null,
            backend_key_secret: encrypted,
            listener_index: listenerIndex,
            created_at: deployment.createdAt,
            revision: 1,
            last_api_call_at: null,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        return added.numInsertedOrUpdatedRows === 1n
      })
    },

    /** Renames a deployment that still is at this revision. */
    async rename(
      id: string,
      revision: number,
      name: string,
    ): Promise<UpdateResult<DeploymentRecord>> {
      const row = await db
        .updateTable('deployments')
        .set({ name, revision: revision + 1 })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returningAll()
        .executeTakeFirst()
      return row ? { outcome: 'done', result: await toRecord(row) } : why(id)
    },

    /** Removes a deployment and its keys; only at this revision where one is given. */
    async remove(
      id: string,
      revision: number | undefined,
    ): Promise<UpdateResult<{ id: string; name: string }>> {
      const row = await inTransaction(db, async (transaction) => {
        await lockKeysOf(transaction, locks, id)
        let removal = transaction.deleteFrom('deployments').where('id', '=', id)
        if (revision !== undefined) removal = removal.where('revision', '=', revision)
        return removal.returning(['id', 'name']).executeTakeFirst()
      })
      return row ? { outcome: 'done', result: row } : why(id)
    },
  }
}

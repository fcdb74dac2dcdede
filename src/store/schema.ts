import type { Plan, Version } from '../contract/plans.ts'

/** Times are RFC 3339 UTC text and booleans 0 or 1, the same on every engine. */
export type Database = {
  deployments: {
    id: string
    name: string
    plan: Plan
    version: Version
    region: string | null
    backend_kind: 'embedded' | 'emqx'
    backend_url: string | null
    backend_key_id: string | null
    /** Sealed, see `sealing.ts`: it has to be sent upstream, so a hash won't do. */
    backend_key_secret: string | null
    listener_index: number
    created_at: string
    revision: number
  }
  api_keys: {
    app_id: string
    deployment_id: string
    note: string
    /** The note in lower case, for search and order that don't depend on the engine. */
    note_folded: string
    access_mode: 'full' | 'list'
    /** JSON array of operation ids with mode `list`, null with mode `full`. */
    operations: string | null
    /** SHA-256 of the App Secret in hex. */
    secret_hash: string
    legacy: 0 | 1
    /** Empty where unknown, so that order and cursors need no case for null. */
    created_at: string
    version: number
  }
}

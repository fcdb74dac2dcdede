import type { Generated } from 'kysely'
import type { Role } from '../contract/accounts/roles.ts'
import type { ActivityAction, ActivitySubject } from '../contract/activity/actions.ts'
import type { Plan, Version } from '../contract/deployments/plans.ts'

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
    /** Encrypted, see `encryption.ts`: it is sent upstream, so a hash won't do. */
    backend_key_secret: string | null
    listener_index: number
    created_at: string
    revision: number
    /** Of allowed calls. */
    last_api_call_at: string | null
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
    disabled: Generated<0 | 1>
    /** Null for a key that never expires. */
    expires_at: string | null
    /** The day of the last allowed call; which one it was is in `used_operations`. */
    last_used_on: string | null
    /** Null for a key that may have been used before uses were recorded. */
    use_recorded_since: string | null
    /** SHA-256 of the secret from before the last rotation in hex, and until when it is good. */
    old_secret_hash: string | null
    old_secret_ends_at: string | null
    old_secret_last_used_at: string | null
    /** JSON array of addresses and CIDR blocks; null for anywhere. */
    allowed_addresses: string | null
    /** See `stalest-operation.ts`. */
    stalest_operation_used_on: string | null
  }
  /** Sums of calls by hour, rolled up into days, deleted after 90 days. */
  usage: {
    app_id: string
    span: 'hour' | 'day'
    start: string
    operation: string
    outcome: 'allowed' | 'refused' | 'failed'
    calls: number
  }
  /** When an operation was last called with a key and allowed, and from where. */
  used_operations: {
    app_id: string
    operation: string
    last_at: string
    last_address: string | null
  }
  /** Where allowed calls came from; the most recent addresses of each key. */
  usage_addresses: {
    app_id: string
    address: string
    calls: number
    last_at: string
  }
  /** 403s of known keys. */
  refused_calls: {
    app_id: string
    operation: string
    reason: 'notGranted' | 'address'
    calls: number
    first_at: string
    last_at: string
    last_address: string | null
  }
  /** 401s of a deployment. */
  refused_credentials: {
    deployment_id: string
    /** As it was sent, where it has the form of one; empty otherwise. */
    app_id: string
    reason: 'unknown' | 'wrongSecret' | 'disabled' | 'expired'
    calls: number
    first_at: string
    last_at: string
    last_address: string | null
  }
  users: {
    id: string
    username: string
    /** Unused, like the next three: kept, since SQLite can't drop a unique column. */
    name: string
    email: string
    email_verified: 0 | 1
    image: string | null
    role: Role
    created_at: string
    updated_at: string
    last_sign_in_at: string | null
    version: Generated<number>
  }
  sessions: {
    id: string
    user_id: string
    /** SHA-256 of the session's token in hex. */
    token: string
    method: 'password' | 'openId' | 'passwordChange'
    ip_address: string | null
    /** Unused. */
    user_agent: string | null
    expires_at: string
    created_at: string
    updated_at: string
  }
  /** How a user signs in: by a password of Latchkey's own, or as a subject of the OpenID provider. */
  accounts: {
    id: string
    user_id: string
    provider_id: 'credential' | 'openid'
    account_id: string
    /** The hash in PHC string format. */
    password: string | null
    created_at: string
    updated_at: string
  }
  /** Automation tokens. */
  tokens: {
    id: string
    name: string
    role: Role
    /** SHA-256 of the token's secret in hex. */
    secret_hash: string
    created_at: string
    created_by: string
    expires_at: string | null
    last_used_at: string | null
  }
  activity: {
    id: string
    at: string
    action: ActivityAction
    actor_kind: 'user' | 'token' | 'demo' | 'nobody' | 'latchkey'
    actor_id: string | null
    actor_name: string
    address: string | null
    deployment_id: string | null
    deployment_name: string | null
    subject_kind: ActivitySubject
    subject_id: string | null
    subject_name: string
    /** JSON of the changes, see `contract/activity/schemas.ts`. */
    changes: string
    /** What the search looks at, in lower case. */
    search_folded: string
  }
  /** One row: a known text, encrypted with the key that the store was made with. */
  encryption_proof: {
    id: 1
    proof: string
  }
  /** Calls that each server of several answered in the time slots of the live charts. */
  recent_calls: {
    deployment_id: string
    slot: number
    server: string
    allowed: number
    refused: number
    failed: number
  }
  /** Failed authentications by API key and by password, over all servers. */
  failed_attempts: {
    /** HMAC of a limiter key: user names and App IDs aren't stored, since people type secrets there. */
    key: string
    failures: number
    last_at: string
    expires_at: string
  }
}

import type { Migration } from 'kysely/migration'
import { deploymentsAndApiKeys } from './001-deployments-and-api-keys.ts'
import { peopleAndActivity } from './002-people-and-activity.ts'
import { usesAndSecrets } from './003-uses-and-secrets.ts'
import { severalServers } from './004-several-servers.ts'
import { largeLists } from './005-large-lists.ts'
import { lastUses } from './006-last-uses.ts'
import { keyChanges } from './007-key-changes.ts'
import { roomForUses } from './008-room-for-uses.ts'
import { plainNames } from './009-plain-names.ts'
import { failedAttempts } from './010-failed-attempts.ts'

export const FIRST_MIGRATION = '001_deployments_and_api_keys'

/** Every change of the schema, in order; a released one is never edited. */
export const migrations: Record<string, Migration> = {
  [FIRST_MIGRATION]: deploymentsAndApiKeys,
  '002_people_and_activity': peopleAndActivity,
  '003_uses_and_secrets': usesAndSecrets,
  '004_several_servers': severalServers,
  '005_large_lists': largeLists,
  '006_last_uses': lastUses,
  '007_key_changes': keyChanges,
  '008_room_for_uses': roomForUses,
  '009_plain_names': plainNames,
  '010_failed_attempts': failedAttempts,
}

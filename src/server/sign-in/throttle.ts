import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../../store/schema.ts'

/** How often something may be tried before each further try has to wait, in milliseconds. */
type Rule = { free: number; first: number; longest: number }

const SECOND = 1000
const MINUTE = 60 * SECOND

/** For one user name from one address: somebody else's guesses don't keep its owner out. */
const BY_NAME: Rule = { free: 5, first: SECOND, longest: 15 * MINUTE }
/** For one address, whatever the names: softer, since many people may share it. */
const BY_ADDRESS: Rule = { free: 50, first: SECOND, longest: MINUTE }
/** After this long without a try, they are forgotten. */
const FORGOTTEN_AFTER = 60 * MINUTE

/** Slows down guessing. Each wait is twice the one before. */
export type Throttle = {
  /**
   * Counts a try before anything is looked up for it, so that many at once are no way around.
   * Returns the seconds to wait where it may not be made; it isn't counted then.
   */
  count(name: string, address: string | null): Promise<number | undefined>
  /** Takes back what was counted: the try was right. */
  forgive(name: string, address: string | null): Promise<void>
}

export function createThrottle(
  db: Kysely<Database>,
  { secret, now }: { secret: Uint8Array; now: () => Date },
): Throttle {
  // Under a secret, because people type passwords into the field for the name.
  const keyOf = (...parts: string[]) =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')
  const keysOf = (name: string, address: string | null) => {
    const network = networkOf(address ?? '')
    return { byName: keyOf('name', name, network), byAddress: keyOf('address', network) }
  }

  async function find(key: string) {
    return db
      .selectFrom('sign_in_guesses')
      .select(['failures', 'last_at'])
      .where('key', '=', key)
      .executeTakeFirst()
  }
  type Row = Awaited<ReturnType<typeof find>>

  function waitOf(row: Row, rule: Rule): number {
    if (!row) return 0
    const waited = now().getTime() - Date.parse(row.last_at)
    return waited >= FORGOTTEN_AFTER ? 0 : delayAfter(row.failures, rule) - waited
  }

  /** Counts one more; the milliseconds to wait where another try got ahead of this one. */
  async function add(key: string, rule: Rule): Promise<number> {
    for (;;) {
      const row = await find(key)
      const wait = waitOf(row, rule)
      if (wait > 0) return wait
      const at = now()
      const isFresh = row && at.getTime() - Date.parse(row.last_at) < FORGOTTEN_AFTER
      const next = { failures: isFresh ? row.failures + 1 : 1, last_at: at.toISOString() }
      const done = row
        ? await db
            .updateTable('sign_in_guesses')
            .set(next)
            .where('key', '=', key)
            .where('failures', '=', row.failures)
            .where('last_at', '=', row.last_at)
            .executeTakeFirst()
        : await db
            .insertInto('sign_in_guesses')
            .values({ key, ...next })
            .onConflict((conflict) => conflict.column('key').doNothing())
            .executeTakeFirst()
      const changed = 'numUpdatedRows' in done ? done.numUpdatedRows : done.numInsertedOrUpdatedRows
      if (changed === 1n) return 0
    }
  }

  async function removeForgotten(): Promise<void> {
    const before = new Date(now().getTime() - FORGOTTEN_AFTER).toISOString()
    await db.deleteFrom('sign_in_guesses').where('last_at', '<', before).execute()
  }

  return {
    async count(name, address) {
      const { byName, byAddress } = keysOf(name, address)
      let wait = Math.max(
        waitOf(await find(byName), BY_NAME),
        waitOf(await find(byAddress), BY_ADDRESS),
      )
      if (wait <= 0) wait = await add(byName, BY_NAME)
      if (wait <= 0) wait = await add(byAddress, BY_ADDRESS)
      if (wait > 0) return Math.ceil(wait / SECOND)
      await removeForgotten()
      return undefined
    },
    async forgive(name, address) {
      const { byName, byAddress } = keysOf(name, address)
      await db.deleteFrom('sign_in_guesses').where('key', '=', byName).execute()
      // One back alone: who has an account must not buy guesses at others' with it.
      await db
        .updateTable('sign_in_guesses')
        .set({ failures: sql<number>`failures - 1` })
        .where('key', '=', byAddress)
        .where('failures', '>', 0)
        .execute()
    },
  }
}

function delayAfter(failures: number, { free, first, longest }: Rule): number {
  return failures < free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free, 30))
}

/** Who has an IPv6 address has all of its /64, so that counts as one. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('%', 1)[0]?.toLowerCase().split('::') ?? []
  const groups = head.split(':').filter(Boolean)
  const missing = address.includes('::')
    ? 8 - groups.length - tail.split(':').filter(Boolean).length
    : 0
  return [
    ...groups,
    ...Array.from({ length: missing }, () => '0'),
    ...tail.split(':').filter(Boolean),
  ]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { RecordingHost } from '../../src/contract-suite/host.ts'
import type { Role } from '../../src/contract/accounts/roles.ts'
import type { Backend } from '../../src/contract/backend.ts'
import { sha256InHex } from '../../src/contract/bytes.ts'
import { Problem } from '../../src/contract/http/problem.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { CallCounter } from '../../src/gateway/usage/call-counter.ts'
import { createManagementApi } from '../../src/management/management-api.ts'
import type { OpenSession, SignIn } from '../../src/management/ports.ts'
import { sqliteDialect } from '../../src/server/engines/sqlite/sqlite.ts'
import { openStore, type Store } from '../../src/store/store.ts'

/** The cookie by which a test is a person of this role. */
export function signedInAs(role: Role): { cookie: string } {
  return { cookie: `test=${role}` }
}

/** The management API in this process, with what a test can do to what is behind it. */
export type InProcess = RecordingHost & {
  store: Store
  open: Set<string>
  /** Errors that the answers didn't show. */
  errors: unknown[]
  /** Has opening a backend fail from now on. */
  failToOpen(): void
  later(milliseconds: number): void
}

const never = async (): Promise<never> => {
  throw new Problem(404, 'There is no such sign-in here.')
}

function sessionFrom(request: Request): OpenSession['session'] | undefined {
  const role = /test=(viewer|operator|administrator)\b/.exec(request.headers.get('cookie') ?? '')
  const known = (['viewer', 'operator', 'administrator'] as const).find((one) => one === role?.[1])
  if (!known) return undefined
  return {
    kind: 'user',
    id: `id-of-${known}`,
    name: `a ${known}`,
    role: known,
    hasPassword: true,
    expiresAt: null,
  }
}

const signIn: SignIn = {
  options: () => ({ password: true, openId: null }),
  async sessionOf(request) {
    const session = sessionFrom(request)
    return session && { session, cookies: ['test=renewed; HttpOnly'] }
  },
  signIn: never,
  signOut: async () => ['test=; Max-Age=0'],
  signOutEverywhere: async () => ['test=; Max-Age=0'],
  changePassword: async () => ['test=another; HttpOnly'],
  hashPassword: async (password) => `hash of ${password.length} characters`,
  startOpenId: never,
  finishOpenId: never,
}

/** Has the store fail whenever this would be done to a table. */
export async function failAt(
  database: Store['database'],
  what: 'insert' | 'update' | 'delete',
  table: string,
): Promise<void> {
  const name = sql.raw(`fail_at_${what}_${table}`)
  const [verb, on] = [sql.raw(what), sql.table(table)]
  await sql`create trigger ${name} before ${verb} on ${on}
    begin select raise(abort, 'the store failed'); end`.execute(database)
}

export async function startInProcess(): Promise<InProcess> {
  const encryptionKey = new Uint8Array(32).fill(7)
  const store = await openStore({ dialect: sqliteDialect(':memory:'), encryptionKey })
  const open = new Set<string>()
  const errors: unknown[] = []
  const broken = new Set<string>()
  let now = Date.parse('2026-11-23T12:00:00.000Z')
  const backend: Backend = {
    supports: () => true,
    call: never,
    status: async () => ({ state: 'running', startedAt: null }),
    figures: async () => ({}),
    connection: () => ({ host: '', listeners: [] }),
    close: async () => {},
  }
  const gateway = createGateway({
    findKey: (shown) => store.apiKeys.findForCall(shown),
    backendOf: () => backend,
    sha256: sha256InHex,
    now: () => new Date(now),
    counter: new CallCounter(() => new Date(now)),
    recorder: { recordCall: () => {}, recordRefusedCredentials: () => {} },
    onError: (error) => errors.push(error),
  })
  const api = createManagementApi({
    store,
    signIn,
    addressOf: () => '192.0.2.1',
    identifyKey: ({ headers }) =>
      gateway.identifyKey({ headers: Object.fromEntries(headers), address: '192.0.2.1' }),
    backends: {
      of: async ({ id }) => (open.has(id) ? backend : undefined),
      probe: async () => {},
      async open({ id }) {
        if (broken.has('open')) throw new Error('no backend opens')
        open.add(id)
      },
      async close(id) {
        open.delete(id)
      },
    },
    calls: {
      apiCalls: () => ({ perMinute: { allowed: 0, refused: 0, failed: 0 }, series: [] }),
      lastAllowedAt: () => null,
    },
    metrics: null,
    now: () => new Date(now),
    random: (length) => new Uint8Array(randomBytes(length)),
    origin: () => 'http://localhost',
    onError: (error) => errors.push(error),
  })
  return {
    store,
    open,
    errors,
    failToOpen: () => broken.add('open'),
    later(milliseconds) {
      now += milliseconds
    },
    // There is no gateway here that records.
    settle: async () => {},
    async send(method, path, { headers = {}, body } = {}) {
      const request = new Request(`http://localhost${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      })
      const response = await api.fetch(request)
      const text = await response.text()
      return { status: response.status, headers: Object.fromEntries(response.headers), text }
    },
  }
}

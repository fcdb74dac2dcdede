import { isDeepStrictEqual } from 'node:util'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { apiKeySchema, createdApiKeySchema, type ApiKey } from '../../src/contract/keys/schemas.ts'
import { clientAddresses } from './client-addresses.ts'

/** Asks the management API of a server. */
export type WriterApi = (
  method: string,
  path: string,
  sent?: { json?: unknown; version?: number },
) => Promise<Response>

/** What became of a change whose confirmation never came. */
export type Fate = 'whole' | 'nothing'

/** What a change of a key is about. */
type Content = Pick<ApiKey, 'note' | 'access' | 'status'>
type Known = Content & { version: number; authorization: string | null }
type Change =
  | { what: 'create'; next: Content }
  | { what: 'change'; appId: string; next: Known }
  | { what: 'delete'; appId: string }

type Hooks = {
  until: AbortSignal
  onConfirmed: (what: Change['what']) => void
  onFault: (fault: string) => void
}

const KEYS_MAX = 8
const CHECKED_CALLS = 2
const accesses: readonly Content['access'][] = [
  { mode: 'full' },
  { mode: 'list', operations: ['GET /clients'] },
  { mode: 'list', operations: ['GET /clients', 'POST /publish'] },
]

const newAddress = clientAddresses()
let made = 0

/** Makes, changes and deletes keys of its own, one change after the other, and knows what is confirmed. */
export class KeyWriter {
  readonly #path: string
  readonly #callPath: string
  readonly #keys = new Map<string, Known>()
  readonly #deleted = new Map<string, string | null>()
  #underWay: Change | undefined

  constructor(deploymentId: string) {
    this.#path = `/deployments/${deploymentId}/api-keys`
    this.#callPath = `/${deploymentId}/api/v5/clients`
  }

  /** The keys that it expects to be there. */
  appIds(): string[] {
    return [...this.#keys.keys()]
  }

  /** Writes until the server is gone. */
  async write(api: WriterApi, { until, onConfirmed, onFault }: Hooks): Promise<void> {
    while (!until.aborted) {
      const change = this.#draw()
      this.#underWay = change
      let answer: Response
      let json: unknown
      try {
        answer = await this.#send(api, change)
        json = answer.status === 204 ? undefined : await answer.json()
      } catch (error) {
        if (!until.aborted) onFault(`${change.what} broke off: ${String(error)}`)
        return
      }
      if (!answer.ok) {
        onFault(`${change.what} was answered ${answer.status}: ${JSON.stringify(json)}`)
        return
      }
      this.#confirm(change, json)
      this.#underWay = undefined
      onConfirmed(change.what)
    }
  }

  #draw(): Change {
    const keys = [...this.#keys]
    const [appId, known] = keys[Math.floor(Math.random() * keys.length)] ?? []
    made += 1
    const content: Content = {
      note: `written ${made}`,
      access: accesses[made % accesses.length] ?? { mode: 'full' },
      status: 'active',
    }
    if (!known || appId === undefined) return { what: 'create', next: content }
    const chance = Math.random()
    if (keys.length >= KEYS_MAX || chance < 0.2) return { what: 'delete', appId }
    if (chance < 0.5) return { what: 'create', next: content }
    const status = made % 3 === 0 ? 'disabled' : 'active'
    const next: Known = { ...known, ...content, status, version: known.version + 1 }
    return { what: 'change', appId, next }
  }

  #send(api: WriterApi, change: Change): Promise<Response> {
    if (change.what === 'delete') return api('DELETE', `${this.#path}/${change.appId}`)
    const { note, access, status } = change.next
    if (change.what === 'create') return api('POST', this.#path, { json: { note, access } })
    const version = change.next.version - 1
    const json = { note, access, disabled: status === 'disabled' }
    return api('PATCH', `${this.#path}/${change.appId}`, { json, version })
  }

  #confirm(change: Change, json: unknown): void {
    if (change.what === 'delete') this.#forget(change.appId)
    else if (change.what === 'create') {
      const { apiKey, appSecret } = createdApiKeySchema.parse(json)
      const authorization = basicAuthorization(apiKey.appId, appSecret)
      this.#keys.set(apiKey.appId, { ...change.next, version: apiKey.version, authorization })
    } else {
      this.#keys.set(change.appId, { ...change.next, version: apiKeySchema.parse(json).version })
    }
  }

  #forget(appId: string): void {
    this.#deleted.set(appId, this.#keys.get(appId)?.authorization ?? null)
    this.#keys.delete(appId)
  }

  /** Compares what is stored with what was confirmed, and learns what became of the last change. */
  compare(stored: ReadonlyMap<string, ApiKey>, faults: string[]): Fate[] {
    const change = this.#underWay
    this.#underWay = undefined
    const fate = change && this.#settle(change, stored)
    for (const [appId, known] of this.#keys) {
      const there = stored.get(appId)
      if (!there) faults.push(`${appId} is lost`)
      else if (!isSame(there, known)) {
        const both = [contentOf(known), contentOf(there)].map((one) => JSON.stringify(one))
        faults.push(`${appId} was confirmed as ${both[0]} and is ${both[1]}`)
      }
    }
    for (const appId of this.#deleted.keys()) {
      if (stored.has(appId)) faults.push(`${appId} was deleted and is back`)
    }
    return fate ? [fate] : []
  }

  #settle(change: Change, stored: ReadonlyMap<string, ApiKey>): Fate {
    if (change.what === 'delete') {
      if (stored.has(change.appId)) return 'nothing'
      this.#forget(change.appId)
      return 'whole'
    }
    if (change.what === 'change') {
      const there = stored.get(change.appId)
      if (!there || !isSame(there, change.next)) return 'nothing'
      this.#keys.set(change.appId, change.next)
      return 'whole'
    }
    // Each note is written once.
    const there = [...stored.values()].find(({ note }) => note === change.next.note)
    if (!there) return 'nothing'
    this.#keys.set(there.appId, { ...change.next, version: 1, authorization: null })
    return 'whole'
  }

  /**
   * Calls with some of its keys, those that it deleted last among them, of a server that trusts
   * this machine as a proxy.
   */
  async findWrongAnswers(url: string): Promise<string[]> {
    const calls = [
      ...[...this.#keys.values()]
        .slice(-CHECKED_CALLS)
        .map((key) => ({ ...key, isGood: key.status === 'active' })),
      ...[...this.#deleted.values()]
        .slice(-CHECKED_CALLS)
        .map((authorization) => ({ authorization, isGood: false })),
    ]
    const faults: string[] = []
    for (const { authorization, isGood } of calls) {
      if (authorization === null) continue
      const { status } = await fetch(`${url}${this.#callPath}`, {
        headers: { authorization, 'x-forwarded-for': newAddress() },
      })
      if (status !== (isGood ? 200 : 401)) faults.push(`a call was answered ${status}`)
    }
    return faults
  }
}

function contentOf({ note, access, status }: Content): Content {
  return { note, access, status }
}

function isSame(there: ApiKey, known: Content & { version: number }): boolean {
  return there.version === known.version && isDeepStrictEqual(contentOf(there), contentOf(known))
}

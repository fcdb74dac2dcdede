import type { Backend } from '../contract/backend.ts'
import { sha256InHex } from '../contract/bytes.ts'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import { createAddressFilter } from '../contract/network/ip-addresses.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import type { GatewayAnswer, GatewayCall } from './call.ts'
import type { Gateway } from './gateway.ts'
import { parseTarget } from './target.ts'
import type { RecordedCall, RecordedCredentials } from './usage/usage-counts.ts'

/** A key of the deployment `plant` that may call everything; its secret is `right`. */
export const fullAccessKey: KeyForCall = {
  deploymentId: 'plant',
  deploymentCreatedAt: '2026-03-01T12:00:00.000Z',
  plan: 'dedicated',
  version: 'v5',
  secretHash: await sha256InHex('right'),
  disabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
  oldSecret: { hash: '0'.repeat(64), endsAt: 0 },
  rights: { access: { mode: 'full' }, allowedAddresses: createAddressFilter([]) },
}

/** A backend that supports every operation and answers each call by `call`. */
export function fakeBackend(call: Backend['call'] = answerOk): Backend {
  return {
    supports: () => true,
    call,
    status: async () => ({ state: 'running', startedAt: null }),
    figures: async () => ({}),
    connection: () => ({ host: '', listeners: [] }),
    close: async () => {},
  }
}

/** 200 with an empty JSON object. */
export const answerOk: Backend['call'] = async () => {
  return { status: 200, headers: {}, body: new TextEncoder().encode('{}') }
}

/** A recorder that keeps what it gets. */
export class FakeRecorder {
  readonly calls: RecordedCall[] = []
  readonly refusedCredentials: RecordedCredentials[] = []

  recordCall(call: RecordedCall): void {
    this.calls.push(call)
  }

  recordRefusedCredentials(credentials: RecordedCredentials): void {
    this.refusedCredentials.push(credentials)
  }

  clear(): void {
    this.calls.splice(0)
    this.refusedCredentials.splice(0)
  }
}

/** For hosts whose gateway mustn't report an error. */
export function throwError(error: unknown): never {
  throw error
}

/** What a test sets of a call; `as` is an App ID and secret, separated by a colon. */
export type Sent = Partial<Pick<GatewayCall, 'address' | 'body' | 'headers' | 'signal'>> & {
  as: string
}

/** Sends a call such as `GET /plant/api/v5/clients`; its body is read, also as JSON. */
export async function sendCall(
  gateway: Gateway,
  line: string,
  { as, headers, ...sent }: Sent,
): Promise<GatewayAnswer & { text: string; json: unknown }> {
  const [method = '', url = ''] = line.split(' ')
  const target = parseTarget(url)
  if (!target) throw new Error(`${url} isn't the gateway's`)
  const answer = await gateway.handle({
    method,
    target,
    requestId: 'a-request',
    address: null,
    headers: { authorization: authorizationFor(as), ...headers },
    body: null,
    signal: new AbortController().signal,
    ...sent,
  })
  const { body } = answer
  if (!(body instanceof Uint8Array) && body !== null) throw new Error('a stream')
  const text = body ? new TextDecoder().decode(body) : ''
  const json: unknown = text && JSON.parse(text)
  return { ...answer, text, json }
}

/** The `Authorization` header for an App ID and secret, separated by a colon. */
export function authorizationFor(pair: string): string {
  const [appId = '', appSecret = ''] = pair.split(':')
  return basicAuthorization(appId, appSecret)
}

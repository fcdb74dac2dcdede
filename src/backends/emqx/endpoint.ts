import { Buffer } from 'node:buffer'
import { Readable } from 'node:stream'
import { Pool, type Dispatcher } from 'undici'
import { BackendUnavailable, type BackendCall } from '../../contract/backend.ts'
import type { Version } from '../../contract/plans.ts'
import type { Secret } from '../../contract/secret.ts'
import { dispatch, type UpstreamAnswer } from './dispatching.ts'

/** A running EMQX: the address of its REST API, without the API's path, and an API key of it. */
export type EmqxEndpoint = { url: string; keyId: string; keySecret: Secret }

/** How long to wait for an EMQX, in milliseconds. */
export type EmqxTimeouts = {
  connect: number
  /** From the request's end to the answer's head. */
  headers: number
  /** Between two pieces of an answer's body. */
  body: number
  /** For a reading of Latchkey's own, from start to end. */
  reading: number
}

export const DEFAULT_TIMEOUTS: EmqxTimeouts = {
  connect: 5000,
  headers: 30_000,
  // The same: undici then keeps its timer, and otherwise makes two for each call.
  body: 30_000,
  reading: 3000,
}

// One deployment's share of sockets; calls beyond it wait for one to be free.
const CONNECTIONS = 128

// EMQX 5 serves its API below /api/v5. EMQX 4 does so below /api/v4; the /api without a
// version, which its cloud puts in front of it, is what Latchkey shows to callers.
const API_PATHS: Record<Version, string> = { v5: '/api/v5', v4: '/api/v4' }

type Forwarded = Pick<BackendCall, 'method' | 'headers' | 'body' | 'signal'> & { path: string }

/** The connections to one EMQX, and how to address it. */
export class EmqxConnection {
  readonly url: URL
  /** What stands before a path of the API, such as `/api/v5`. */
  readonly basePath: string
  readonly #authorization: string
  readonly pool: Pool

  constructor(endpoint: EmqxEndpoint, version: Version, timeouts: EmqxTimeouts) {
    this.url = new URL(endpoint.url)
    this.basePath = `${this.url.pathname.replace(/\/+$/, '')}${API_PATHS[version]}`
    const pair = Buffer.from(`${endpoint.keyId}:${endpoint.keySecret.reveal()}`, 'utf8')
    this.#authorization = `Basic ${pair.toString('base64')}`
    this.pool = new Pool(this.url.origin, {
      connections: CONNECTIONS,
      allowH2: false,
      connect: { timeout: timeouts.connect },
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.body,
    })
  }

  /** Reads a path of the API. Redirects aren't followed: the credentials are for this address. */
  get(path: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.pool.request({
      path: this.basePath + path,
      method: 'GET',
      headers: { authorization: this.#authorization },
      signal,
    })
  }

  /** Forwards a call, under these credentials; redirects aren't followed either. */
  forward({ method, path, headers, body, signal }: Forwarded): Promise<UpstreamAnswer> {
    headers['authorization'] = this.#authorization
    const options = {
      path: this.basePath + path,
      method,
      headers,
      body: body === null || body instanceof Readable ? body : Readable.from(body),
    }
    return dispatch(this.pool, options, signal)
  }

  close(): Promise<void> {
    return this.pool.destroy()
  }
}

/** The `code` that Node and undici put on an error of the network, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
])

export function isTimeout(error: unknown): boolean {
  return (
    TIMEOUT_CODES.has(codeOf(error)) || (error instanceof Error && error.name === 'TimeoutError')
  )
}

/** What a failed request means to the gateway. */
export function toUnavailable(error: unknown): BackendUnavailable {
  const detail = `the EMQX gave no answer: ${codeOf(error) || String(error)}`
  return new BackendUnavailable(isTimeout(error) ? 'timeout' : 'unreachable', detail, error)
}

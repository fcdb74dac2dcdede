import { Buffer } from 'node:buffer'
import { BackendUnavailable } from '../../contract/backend.ts'
import type { Version } from '../../contract/deployments/plans.ts'
import type { Secret } from '../../contract/secret.ts'
import type { HttpResponse, HttpRequest } from '../../http-client/exchange.ts'
import { HttpClient } from '../../http-client/http-client.ts'
import type { HttpTimeouts } from '../../http-client/http-connection.ts'

/** A running EMQX: the address of its REST API, without the API's path, and an API key of it. */
export type EmqxEndpoint = { url: string; keyId: string; keySecret: Secret }

/** How long to wait for an EMQX, in milliseconds. */
export type EmqxTimeouts = HttpTimeouts & {
  /** For a reading of Latchkey's own, from start to end. */
  reading: number
}

export const DEFAULT_TIMEOUTS: EmqxTimeouts = {
  connect: 5000,
  headers: 30_000,
  body: 30_000,
  reading: 3000,
}

// One deployment's share of sockets; calls beyond it wait for one to be free.
const CONNECTIONS = 128
// Latchkey's own readings wait for no caller.
const READING_CONNECTIONS = 4

// EMQX 5 serves its API below /api/v5. EMQX 4 does so below /api/v4; the /api without a
// version, which its cloud puts in front of it, is what Latchkey shows to callers.
const API_PATHS: Record<Version, string> = { v5: '/api/v5', v4: '/api/v4' }

/** The connections to one EMQX, and how to address it. */
export class EmqxConnection {
  readonly url: URL
  /** What stands before a path of the API, such as `/api/v5`. */
  readonly basePath: string
  readonly #calls: HttpClient
  readonly #readings: HttpClient

  constructor(endpoint: EmqxEndpoint, version: Version, timeouts: EmqxTimeouts) {
    this.url = new URL(endpoint.url)
    this.basePath = `${this.url.pathname.replace(/\/+$/, '')}${API_PATHS[version]}`
    const pair = Buffer.from(`${endpoint.keyId}:${endpoint.keySecret.reveal()}`, 'utf8')
    const headers = { authorization: `Basic ${pair.toString('base64')}` }
    const clientOf = (connections: number) =>
      new HttpClient(this.url, { connections, headers, timeouts })
    this.#calls = clientOf(CONNECTIONS)
    this.#readings = clientOf(READING_CONNECTIONS)
  }

  /** Reads a path of the API. As {@link EmqxConnection.forward} otherwise. */
  read(path: string, signal: AbortSignal): Promise<HttpResponse> {
    const request = { method: 'GET', headers: {}, body: null, signal }
    return this.#readings.send({ ...request, path: this.basePath + path })
  }

  /**
   * Sends a call to a path of the API, under these credentials: they are for this address, and no
   * redirect is followed. Rejects as {@link HttpClient.send} does.
   */
  forward({ method, path, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    return this.#calls.send({ method, path: this.basePath + path, headers, body, signal })
  }

  async close(): Promise<void> {
    await Promise.all([this.#calls.close(), this.#readings.close()])
  }
}

/** The `code` of an error of the network or of an {@link HttpClientError}, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'QUEUE_TIMEOUT',
  'HEADERS_TIMEOUT',
  'BODY_TIMEOUT',
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

import type { Operation } from './catalog/operation.ts'
import type { Deployment, Figures, Listener } from './deployments/schemas.ts'

/** Header names in lower case; a repeated header is an array, as in Node's `IncomingHttpHeaders`. */
export type HeaderBag = Record<string, string | string[] | undefined>

/** A call of the Deployment API that the gateway has authorized. */
export type BackendCall = {
  operation: Operation
  /** Path parameters, percent-decoded once. */
  parameters: Record<string, string>
  /** As sent; `HEAD` is possible if the operation's method is `GET`. */
  method: string
  /** The path below the API base URL, byte for byte as it was authorized. */
  rawPath: string
  /** The query with its `?`, or an empty string. */
  rawQuery: string
  /** Without credentials, hop-by-hop and method-override headers; the backend may add its own. */
  headers: HeaderBag
  body: AsyncIterable<Uint8Array> | null
  /** Aborts when the client disconnects. Timeouts are the backend's business. */
  signal: AbortSignal
}

/** A backend's response, whose body the gateway streams to the client. */
export type BackendAnswer = {
  status: number
  headers: HeaderBag
  body: AsyncIterable<Uint8Array> | Uint8Array | null
}

/**
 * Why a backend is unavailable, for which the gateway answers 502, 503 or 504. `credentials`: it
 * rejected those of Latchkey itself. `elsewhere`: another server of the same Latchkey runs it.
 */
export type UnavailableReason = 'unreachable' | 'timeout' | 'credentials' | 'elsewhere'

/** Thrown if a backend gives no response. The message is for logs, not for clients. */
export class BackendUnavailable extends Error {
  readonly reason: UnavailableReason

  constructor(reason: UnavailableReason, detail: string, cause?: unknown) {
    super(detail, { cause })
    this.name = 'BackendUnavailable'
    this.reason = reason
  }
}

export type BackendStatus = {
  state: Deployment['status']
  /** When the backend started, or null if it doesn't tell. */
  startedAt: Date | null
}

/** The backend's share of a deployment's figures, without those it doesn't have. */
export type BackendFigures = Omit<Figures, 'apiCalls'>

/** What answers one deployment's API: an embedded broker or a running EMQX. */
export interface Backend {
  /** Whether it supports an operation. The gateway answers 501 for others. */
  supports(operationId: string): boolean
  /** Answers a call. Throws {@link BackendUnavailable}. */
  call(call: BackendCall): Promise<BackendAnswer>
  /** Never throws: `unreachable` is a status. */
  status(): Promise<BackendStatus>
  /** Never throws: unavailable figures are left out. */
  figures(): Promise<BackendFigures>
  connection(): { host: string; listeners: Listener[] }
  close(): Promise<void>
}

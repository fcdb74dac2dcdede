import type { Operation } from './catalog/operation.ts'
import type { Deployment, Figures, Listener } from './deployments/schemas.ts'

/** Header names in lower case; a repeated header is an array, as in Node's `IncomingHttpHeaders`. */
export type HeaderBag = Record<string, string | string[] | undefined>

/** One call of the Deployment API that the gateway has checked and allowed. */
export type BackendCall = {
  operation: Operation
  /** Path parameters, percent-decoded once. */
  parameters: Record<string, string>
  /** As it came; `HEAD` is possible where the operation is a `GET`. */
  method: string
  /** The path below the API base URL, byte for byte as it was checked. */
  rawPath: string
  /** The query with its `?`, or an empty string. */
  rawQuery: string
  /** Without credentials, hop-by-hop and method-override headers; the backend may add its own. */
  headers: HeaderBag
  body: AsyncIterable<Uint8Array> | null
  /** Aborts when the caller goes away; how long to wait is the backend's to know. */
  signal: AbortSignal
}

/** A backend's answer; the gateway streams the body on. */
export type BackendAnswer = {
  status: number
  headers: HeaderBag
  body: AsyncIterable<Uint8Array> | Uint8Array | null
}

/**
 * Why a backend could not answer; the gateway turns it into 502, 503 or 504. `credentials`: it
 * refused those that Latchkey itself signs in with. `elsewhere`: another server of the same
 * Latchkey has it.
 */
export type UnavailableReason = 'unreachable' | 'timeout' | 'credentials' | 'elsewhere'

/** Thrown where a backend gave no answer; the message is for logs, not for callers. */
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
  /** When the backend started, or null where it doesn't tell. */
  startedAt: Date | null
}

/** The backend's share of a deployment's figures; what it can't know is left out. */
export type BackendFigures = Omit<Figures, 'apiCalls'>

/** What answers one deployment's API: an embedded broker or a running EMQX. */
export interface Backend {
  /** Whether it offers an operation; one it doesn't offer is answered 501. */
  supports(operationId: string): boolean
  /** Answers a call. Throws {@link BackendUnavailable} when it can't. */
  call(call: BackendCall): Promise<BackendAnswer>
  /** Never throws: a backend that can't be reached says so in its status. */
  status(): Promise<BackendStatus>
  /** Never throws: figures that can't be had are left out. */
  figures(): Promise<BackendFigures>
  connection(): { host: string; listeners: Listener[] }
  close(): Promise<void>
}

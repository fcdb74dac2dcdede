const messages = {
  CONNECT_TIMEOUT: 'no connection came about in time',
  HEADERS_TIMEOUT: 'the head of an answer did not come in time',
  QUEUE_TIMEOUT: 'no connection was free in time',
  BODY_TIMEOUT: 'an answer stopped on its way',
  CONNECTION_CLOSED: 'the connection ended before the answer did',
  CLIENT_CLOSED: 'the client was closed',
  BAD_REQUEST: 'the request cannot be written as HTTP/1.1',
  BAD_RESPONSE: 'the answer is not HTTP/1.1',
} as const

export type HttpErrorCode = keyof typeof messages

/**
 * A request that failed for another reason than a network error. Its message quotes nothing of the
 * request or the response, so it may be logged.
 */
export class HttpClientError extends Error {
  readonly code: HttpErrorCode

  constructor(code: HttpErrorCode) {
    super(messages[code])
    this.name = 'HttpClientError'
    this.code = code
  }
}

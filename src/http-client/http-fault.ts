const messages = {
  CONNECT_TIMEOUT: 'no connection came about in time',
  HEADERS_TIMEOUT: 'the head of an answer did not come in time',
  QUEUE_TIMEOUT: 'no connection was free in time',
  BODY_TIMEOUT: 'an answer stopped on its way',
  CONNECTION_CLOSED: 'the connection ended before the answer did',
  CLIENT_CLOSED: 'the client was closed',
  BAD_REQUEST: 'the request cannot be written as HTTP/1.1',
  BAD_ANSWER: 'the answer is not HTTP/1.1',
} as const

export type HttpFaultCode = keyof typeof messages

/** Why a request got no answer, where it isn't the network's own error. It quotes neither. */
export class HttpFault extends Error {
  readonly code: HttpFaultCode

  constructor(code: HttpFaultCode) {
    super(messages[code])
    this.name = 'HttpFault'
    this.code = code
  }
}

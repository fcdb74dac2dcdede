import type { BackendAnswer } from '../../contract/backend.ts'
import type { ApiFault, FaultKind } from './fault.ts'

const utf8 = new TextEncoder()

export function json(status: number, value: unknown): BackendAnswer {
  const body = utf8.encode(JSON.stringify(value))
  return {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    body,
  }
}

export function noContent(): BackendAnswer {
  return { status: 204, headers: {}, body: null }
}

const v5Faults: Record<FaultKind, { status: number; code: string }> = {
  query: { status: 400, code: 'INVALID_PARAMETER' },
  notJson: { status: 400, code: 'BAD_REQUEST' },
  missing: { status: 400, code: 'BAD_REQUEST' },
  body: { status: 400, code: 'BAD_REQUEST' },
  topic: { status: 400, code: 'BAD_REQUEST' },
  tooLarge: { status: 413, code: 'PAYLOAD_TOO_LARGE' },
  noClient: { status: 404, code: 'CLIENTID_NOT_FOUND' },
  noNode: { status: 500, code: 'NODE_DOWN' },
  notOffered: { status: 501, code: 'NOT_IMPLEMENTED' },
}

// MQTT 5's reason code "Topic Name invalid", which EMQX 5 gives for a bad topic.
const TOPIC_NAME_INVALID = 144

/** A fault as EMQX 5 answers it: a status, and a string `code`. */
export function v5Fault({ kind, message }: ApiFault): BackendAnswer {
  const { status, code } = v5Faults[kind]
  return json(status, {
    code,
    message,
    ...(kind === 'topic' && { reason_code: TOPIC_NAME_INVALID }),
  })
}

/** EMQX 4's result codes, where its list has one; the others repeat the status. */
export const v4Codes: Record<FaultKind, number> = {
  query: 108,
  notJson: 109,
  missing: 107,
  body: 108,
  topic: 115,
  tooLarge: 413,
  noClient: 112,
  noNode: 108,
  notOffered: 501,
}

/** A fault as EMQX 4 answers it: status 200 and an integer `code`, but for the two codes above. */
export function v4Fault({ kind, message }: ApiFault): BackendAnswer {
  const code = v4Codes[kind]
  return json(code >= 400 ? code : 200, { code, message })
}

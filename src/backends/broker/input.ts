import type { z } from 'zod'
import type { BackendCall } from '../../contract/backend.ts'
import { ApiFault, type FaultKind } from './fault.ts'

const BODY_MAX = 1024 * 1024
// How much of a body that is too large is read on and dropped, so that a caller who sends all
// of it before reading gets the answer.
const DISCARD_MAX = 16 * BODY_MAX

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads a call's body as JSON, whatever its media type says: EMQX's own samples leave it out. */
export async function readJson({ headers, body }: BackendCall): Promise<unknown> {
  if (Number(headers['content-length']) > BODY_MAX) throw tooLarge()
  const bytes = body ? await readBytes(body) : new Uint8Array()
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    throw new ApiFault('notJson', 'The body is not JSON.')
  }
}

async function readBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Not `for await`: leaving its loop early would close the caller's connection.
  const iterator = body[Symbol.asyncIterator]()
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    length += next.value.length
    if (length > DISCARD_MAX) break
    if (length <= BODY_MAX) chunks.push(next.value)
  }
  if (length > BODY_MAX) throw tooLarge()
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function tooLarge(): ApiFault {
  return new ApiFault('tooLarge', 'The body has more than 1 MiB. Send less in one call.')
}

/** Checks a JSON value by a schema. Throws an {@link ApiFault} that names the bad member. */
export function parseBody<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue ? faultOf(issue, value) : new ApiFault('body', 'The body is not as it should be.')
}

function faultOf(issue: z.core.$ZodIssue, value: unknown): ApiFault {
  const name = issue.path.length === 0 ? 'The body' : `"${issue.path.join('.')}"`
  const fault = (kind: FaultKind, message: string) => new ApiFault(kind, message)
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? '' : ` of ${name}`
    return fault('body', `Unknown member${known}: ${issue.keys.join(', ')}.`)
  }
  if (valueAt(value, issue.path) === undefined) return fault('missing', `${name} is missing.`)
  if (issue.code === 'invalid_type')
    return fault('body', `${name} must be ${aOrAn(issue.expected)}.`)
  if (issue.code === 'invalid_value') {
    return fault('body', `${name} must be one of: ${issue.values.map(String).join(', ')}.`)
  }
  return fault('body', `${name}: ${issue.message}`)
}

function aOrAn(type: string): string {
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  }, value)
}

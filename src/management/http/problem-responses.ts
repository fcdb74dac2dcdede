import { HTTPException } from 'hono/http-exception'
import { PROBLEM_MEDIA_TYPE, Problem, type FieldError } from '../../contract/http/problem.ts'
import { StoreError, type StoreErrorReason } from '../../store/store-error.ts'

// Never Basic: a browser would show its own password prompt.
const CHALLENGE = 'Bearer realm="latchkey"'

/**
 * A problem details response (RFC 9457).
 *
 * @param challenge the `WWW-Authenticate` header of a 401
 */
export function problemResponse(problem: Problem, challenge = CHALLENGE): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      ...(problem.status === 401 && { 'www-authenticate': challenge }),
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    },
  })
}

/** The problem that an error shows the caller; undefined for a fault of Latchkey's own. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (!(error instanceof HTTPException)) return undefined
  if (error.status === 400) {
    return new Problem(400, 'The body is not JSON. Send one JSON object.')
  }
  return new Problem(error.status, error.message)
}

type Issue = { code?: string; path: PropertyKey[]; message: string; keys?: string[] }

const partNames: Record<string, string> = { query: 'query', param: 'path', header: 'header' }

const RETRY_SECONDS = 5
const faults: Record<StoreErrorReason, { status: number; detail: string }> = {
  full: {
    status: 507,
    detail:
      'Nothing was saved: the disk that the store is on is full. Make room there and try again. Keys go on working.',
  },
  unavailable: {
    status: 503,
    detail: "The store can't be reached at the moment. Try again shortly.",
  },
}

/** The problem for a store that is full or can't be reached; undefined for any other error. */
export function storeProblem(error: unknown): Problem | undefined {
  if (!(error instanceof StoreError)) return undefined
  const { status, detail } = faults[error.reason]
  return new Problem(status, detail, [], RETRY_SECONDS)
}

/** The problem for a request that its schema refuses, with one field error for each issue. */
export function validationProblem(target: string, issues: readonly Issue[]): Problem {
  const errors = issues.flatMap(toFieldErrors)
  if (target === 'json') {
    const fields = errors.map(({ field }) => field || 'body').join(', ')
    return new Problem(422, `Nothing was saved: ${fields} can't be taken as sent.`, errors)
  }
  const part = partNames[target] ?? target
  return new Problem(400, `The ${part} of the request has something that can't be used.`, errors)
}

function toFieldErrors({ code, path, message, keys }: Issue): FieldError[] {
  if (code === 'unrecognized_keys' && keys) {
    return keys.map((key) => ({
      field: [...path, key].join('.'),
      detail: 'There is no field of this name here.',
    }))
  }
  return [{ field: path.join('.'), detail: message }]
}

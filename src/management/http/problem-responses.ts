import { HTTPException } from 'hono/http-exception'
import { PROBLEM_MEDIA_TYPE, Problem, type FieldError } from '../../contract/http/problem.ts'
import { StoreFault, type StoreFaultReason } from '../../store/fault.ts'
import type { ChangeOutcome } from '../../store/update-result.ts'

/** A problem details answer (RFC 9457). */
export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      // Never Basic: a browser would ask for a password at a prompt of its own.
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer realm="latchkey"' }),
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    },
  })
}

/** What an error tells the caller; undefined where it may tell nothing, for being our fault. */
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
const faults: Record<StoreFaultReason, { status: number; detail: string }> = {
  full: {
    status: 507,
    detail:
      'Nothing was saved: the disk that the store is on is full. Make room there and try again. Keys go on working.',
  },
  away: {
    status: 503,
    detail: "The store can't be reached at the moment. Try again shortly.",
  },
}

/** What the caller is told of a store that can't do its work; undefined for any other error. */
export function storeProblem(error: unknown): Problem | undefined {
  if (!(error instanceof StoreFault)) return undefined
  const { status, detail } = faults[error.reason]
  return new Problem(status, detail, [], RETRY_SECONDS)
}

/** Turns what the schema found wrong into one field error each. */
export function invalidRequest(target: string, issues: readonly Issue[]): Problem {
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

/** An entity's version as a strong ETag (RFC 9110 section 8.8.3). */
export function etagOf(version: number): string {
  return `"${version}"`
}

/** The version an optional If-Match names; a tag of another form matches nothing. */
export function versionFrom(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined
  const digits = /^"(\d{1,15})"$/.exec(ifMatch)?.[1]
  return digits === undefined ? -1 : Number(digits)
}

/** The version that If-Match must name for a change. */
export function requiredVersion(ifMatch: string | undefined): number {
  const version = versionFrom(ifMatch)
  if (version === undefined) {
    throw new Problem(428, 'Send If-Match with the ETag of the version this change is based on.')
  }
  return version
}

/** Unwraps a change's outcome, or throws the 404 or 412 that it stands for. */
export function changed<Result>(change: ChangeOutcome<Result>, what: string): Result {
  if (change.outcome === 'done') return change.result
  if (change.outcome === 'missing') throw new Problem(404, `There is no such ${what}.`)
  throw new Problem(
    412,
    `This ${what} was changed since you loaded it, so nothing was saved. Load it again and repeat the change.`,
  )
}

import { Problem } from '../../contract/http/problem.ts'
import type { UpdateResult } from '../../store/update-result.ts'

// Optimistic concurrency: a change names the version that it is based on by If-Match (RFC 9110
// section 13.1.1), and the store makes it only if that is still the current one.

/** An entity's version as a strong ETag (RFC 9110 section 8.8.3). */
export function formatEtag(version: number): string {
  return `"${version}"`
}

/** The version that an optional If-Match names. A tag of another form matches no version. */
export function parseIfMatch(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined
  const digits = /^"(\d{1,15})"$/.exec(ifMatch)?.[1]
  return digits === undefined ? -1 : Number(digits)
}

/** The version that a required If-Match names. Throws a 428 if there is none. */
export function requireIfMatch(ifMatch: string | undefined): number {
  const version = parseIfMatch(ifMatch)
  if (version === undefined) {
    throw new Problem(428, 'Send If-Match with the ETag of the version this change is based on.')
  }
  return version
}

/** The result of a change in the store. Throws a 404 or 412 if it wasn't made. */
export function unwrapChange<Result>(change: UpdateResult<Result>, what: string): Result {
  if (change.outcome === 'done') return change.result
  if (change.outcome === 'missing') throw new Problem(404, `There is no such ${what}.`)
  throw new Problem(
    412,
    `This ${what} was changed since you loaded it, so nothing was saved. Load it again and repeat the change.`,
  )
}

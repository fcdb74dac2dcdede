/** Why a raw path is refused: what a careful reader would not agree on, nobody gets to guess. */
export type PathProblem =
  | 'not absolute'
  | 'empty segment'
  | 'dot segment'
  | 'control character'
  | 'backslash'
  | 'bad percent-encoding'
  | 'bad UTF-8'

export type ParsedPath = { ok: true; segments: string[] } | { ok: false; problem: PathProblem }

// Paths of nothing but characters that always stand for themselves, which most are: no dot, no
// percent sign, nothing to decode or to look at twice.
const PLAIN = /^(?:\/[\w\-~!$&'()*+,=:@]+)+$/
// What a segment may be written with: `pchar` of RFC 3986, and the characters that it leaves out
// but that clients send as they are and every reader takes for themselves. Any other character,
// a space or `#` or one outside ASCII, has to come percent-encoded.
const WRITABLE = /^[\w\-.~!$&'()*+,;=:@%"<>[\]^`{|}]+$/
const STRAY_PERCENT = /%(?![0-9A-Fa-f]{2})/
const CONTROL = /[\u0000-\u001f\u007f]/
// Looked for in the decoded segment. `a/../b` (from `%2F`) counts, since a proxy on the way that
// decodes before it normalises would climb; so do dots encoded more than once, and `..;x`, which
// some servers read as `..` with a parameter.
const DOT_SEGMENT =
  /(?:^|\/|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:$|[/;]|%(?:25)*(?:2f|5c|3b))/i

/**
 * Splits a raw request path (no query) at `/` and percent-decodes each segment once
 * (RFC 3986 sections 2.4 and 3.3). `%2F` stays inside its segment as a value. Nothing is
 * repaired: a path that two readers could read differently is refused with the reason.
 */
export function parsePath(rawPath: string): ParsedPath {
  if (!rawPath.startsWith('/')) return { ok: false, problem: 'not absolute' }
  const raws = rawPath.slice(1).split('/')
  if (PLAIN.test(rawPath)) return { ok: true, segments: raws }
  const segments: string[] = []
  for (const raw of raws) {
    const segment = decodeSegment(raw)
    if (!segment.ok) return segment
    segments.push(segment.value)
  }
  return { ok: true, segments }
}

type Segment = { ok: true; value: string } | { ok: false; problem: PathProblem }

function decodeSegment(raw: string): Segment {
  if (raw === '') return { ok: false, problem: 'empty segment' }
  if (!WRITABLE.test(raw)) return { ok: false, problem: writingProblem(raw) }
  if (STRAY_PERCENT.test(raw)) return { ok: false, problem: 'bad percent-encoding' }
  let value: string
  try {
    // Strict by its definition: overlong forms, surrogates and cut sequences throw.
    value = decodeURIComponent(raw)
  } catch {
    return { ok: false, problem: 'bad UTF-8' }
  }
  if (DOT_SEGMENT.test(value)) return { ok: false, problem: 'dot segment' }
  if (CONTROL.test(value)) return { ok: false, problem: 'control character' }
  if (value.includes('\\')) return { ok: false, problem: 'backslash' }
  return { ok: true, value }
}

function writingProblem(raw: string): PathProblem {
  if (raw.includes('\\')) return 'backslash'
  return CONTROL.test(raw) ? 'control character' : 'bad percent-encoding'
}

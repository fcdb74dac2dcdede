/** Why a raw path is rejected: two parsers could read it differently. */
export type PathProblem =
  | 'not absolute'
  | 'empty segment'
  | 'dot segment'
  | 'control character'
  | 'backslash'
  | 'bad percent-encoding'
  | 'bad UTF-8'

export type ParsedPath = { ok: true; segments: string[] } | { ok: false; problem: PathProblem }

// Fast path for most paths: only characters that need no decoding and no further check, so no dot
// and no percent sign.
const PLAIN = /^(?:\/[\w\-~!$&'()*+,=:@]+)+$/
// The raw characters of a segment: `pchar` of RFC 3986, and others that clients send unencoded and
// every parser reads literally. All others, such as a space, `#` or any outside ASCII, have to be
// percent-encoded.
const WRITABLE = /^[\w\-.~!$&'()*+,;=:@%"<>[\]^`{|}]+$/
const STRAY_PERCENT = /%(?![0-9A-Fa-f]{2})/
const CONTROL = /[\u0000-\u001f\u007f]/
// Path traversal, searched for in the decoded segment. `a/../b` (from `%2F`) counts, since a proxy
// that decodes before it normalises would traverse it; so do dots encoded more than once, and
// `..;x`, which some servers read as `..` with a parameter.
const DOT_SEGMENT =
  /(?:^|\/|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:$|[/;]|%(?:25)*(?:2f|5c|3b))/i

/**
 * Splits a raw request path (no query) at `/` and percent-decodes each segment once (RFC 3986
 * sections 2.4 and 3.3). `%2F` stays a character of its segment. Nothing is repaired: a path that
 * two parsers could read differently is rejected with the reason.
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
    // Throws on overlong forms, surrogates and truncated sequences.
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

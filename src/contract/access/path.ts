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

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const CONTROL = /[\u0000-\u001f\u007f]/
// `a%2F..%2Fb` counts too: a proxy on the way that decodes before it normalises would climb.
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/
// Outside these an ASCII character needs percent-encoding (RFC 3986, `pchar`). Node's HTTP
// parser lets some of them through, and backends differ in what they make of them.
const PCHAR = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%{}|^"`<>[\]]*$/

/**
 * Splits a raw request path (no query) at `/` and percent-decodes each segment once
 * (RFC 3986 sections 2.4 and 3.3). `%2F` stays inside its segment as a value. Nothing is
 * repaired: a path that two readers could read differently is refused with the reason.
 */
export function parsePath(rawPath: string): ParsedPath {
  if (!rawPath.startsWith('/')) return { ok: false, problem: 'not absolute' }
  const segments: string[] = []
  for (const raw of rawPath.slice(1).split('/')) {
    const segment = decodeSegment(raw)
    if (!segment.ok) return segment
    segments.push(segment.value)
  }
  return { ok: true, segments }
}

type Segment = { ok: true; value: string } | { ok: false; problem: PathProblem }

function decodeSegment(raw: string): Segment {
  if (raw === '') return { ok: false, problem: 'empty segment' }
  let value = raw
  if (!PCHAR.test(raw)) return { ok: false, problem: rawProblem(raw) }
  if (raw.includes('%')) {
    const bytes = percentDecode(raw)
    if (!bytes) return { ok: false, problem: 'bad percent-encoding' }
    try {
      value = utf8.decode(bytes)
    } catch {
      return { ok: false, problem: 'bad UTF-8' }
    }
  }
  if (DOT_SEGMENT.test(value)) return { ok: false, problem: 'dot segment' }
  if (CONTROL.test(value)) return { ok: false, problem: 'control character' }
  if (value.includes('\\')) return { ok: false, problem: 'backslash' }
  return { ok: true, value }
}

function rawProblem(raw: string): PathProblem {
  if (raw.includes('\\')) return 'backslash'
  return CONTROL.test(raw) ? 'control character' : 'bad percent-encoding'
}

function percentDecode(raw: string): Uint8Array | undefined {
  const bytes = new Uint8Array(raw.length)
  let length = 0
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] !== '%') {
      bytes[length++] = raw.charCodeAt(at)
      continue
    }
    const hex = raw.slice(at + 1, at + 3)
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) return undefined
    bytes[length++] = Number.parseInt(hex, 16)
    at += 2
  }
  return bytes.subarray(0, length)
}

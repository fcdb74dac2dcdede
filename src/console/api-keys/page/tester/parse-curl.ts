import { methods } from '../../../../contract/catalog/operation.ts'

export const testMethods = [...methods, 'HEAD'] as const
export type TestMethod = (typeof testMethods)[number]

/** A call as it was read: its method and its address, raw. Nothing else of a line is kept. */
export type ParsedCurl = { method: string; url: string }

/** Whether a text is a curl line rather than a path. */
export function isCurl(text: string): boolean {
  return /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text)
}

// Short options of curl (8.17) that take a value, and long ones; what they mean is of no matter
// here, but their value must not be taken for the address.
const SHORT_WITH_VALUE = 'AbcCdDeEFHKmoPQrtTuUwxXyYz'
const LONG_WITHOUT_VALUE = new Set(
  `anyauth append basic cert-status compressed compressed-ssh create-dirs crlf digest disable
  disable-eprt disable-epsv fail fail-early fail-with-body false-start form-escape get globoff head
  haproxy-protocol http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only
  ignore-content-length include insecure ipv4 ipv6 junk-session-cookies list-only location
  location-trusted manual metalink mptcp negotiate netrc netrc-optional next no-alpn no-buffer
  no-clobber no-keepalive no-npn no-progress-meter no-sessionid ntlm parallel parallel-immediate
  path-as-is post301 post302 post303 progress-bar proxy-anyauth proxy-basic proxy-digest
  proxy-insecure proxy-ntlm proxytunnel raw remote-header-name remote-name remote-name-all
  remote-time remove-on-error retry-all-errors retry-connrefused show-error show-headers silent
  skip-existing ssl ssl-reqd styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tlsv1
  tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time use-ascii verbose xattr`.split(
    /\s+/,
  ),
)

type Line = {
  explicit?: string
  url?: string
  sendsBody: boolean
  uploads: boolean
  asksHead: boolean
  asksGet: boolean
}

/** Reads method and address off a curl line as a POSIX shell and curl would. */
export function parseCurl(text: string): ParsedCurl | undefined {
  const [, ...words] = shellWords(text.replace(/^\s*\$\s+/, ''))
  const line: Line = { sendsBody: false, uploads: false, asksHead: false, asksGet: false }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const option = parseOptions(word)
    if (option === undefined) {
      line.url ??= word
      continue
    }
    for (const { name, value } of option) {
      const taken = value ?? (takesValue(name) ? words[(at += 1)] : undefined)
      note(line, name, taken)
    }
  }
  if (line.url === undefined) return undefined
  return { method: effectiveMethod(line), url: line.url }
}

function effectiveMethod({ explicit, sendsBody, uploads, asksHead, asksGet }: Line): string {
  if (explicit !== undefined) return explicit
  if (asksHead) return 'HEAD'
  if (uploads) return 'PUT'
  return sendsBody && !asksGet ? 'POST' : 'GET'
}

type Option = { name: string; value: string | undefined }

/** The options in a word: a long one, or short ones in a row of which the last takes the rest. */
function parseOptions(word: string): Option[] | undefined {
  if (word === '-' || !word.startsWith('-')) return undefined
  if (word.startsWith('--')) {
    const [name = '', ...value] = word.slice(2).split('=')
    return [{ name, value: value.length > 0 ? value.join('=') : undefined }]
  }
  const options: Option[] = []
  for (let at = 1; at < word.length; at += 1) {
    const name = word[at] ?? ''
    if (!SHORT_WITH_VALUE.includes(name)) {
      options.push({ name, value: undefined })
      continue
    }
    const rest = word.slice(at + 1)
    options.push({ name, value: rest === '' ? undefined : rest })
    break
  }
  return options
}

function takesValue(name: string): boolean {
  if (name.length === 1) return SHORT_WITH_VALUE.includes(name)
  return !LONG_WITHOUT_VALUE.has(name) && !name.startsWith('no-')
}

function note(line: Line, name: string, value: string | undefined): void {
  switch (name) {
    case 'X':
    case 'request':
      if (value !== undefined) line.explicit = value
      break
    case 'url':
      if (value !== undefined) line.url ??= value
      break
    case 'I':
    case 'head':
      line.asksHead = true
      break
    case 'G':
    case 'get':
      line.asksGet = true
      break
    case 'T':
    case 'upload-file':
      line.uploads = true
      break
    case 'd':
    case 'F':
    case 'json':
    case 'form':
    case 'form-string':
      line.sendsBody = true
      break
    default:
      if (name.startsWith('data')) line.sendsBody = true
  }
}

const ESCAPED_IN_QUOTES = /["\\$`]/

/** The words of a shell line: quotes and backslashes are taken off, nothing is filled in. */
function shellWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quote === "'") {
      if (character === "'") quote = undefined
      else word = (word ?? '') + character
    } else if (character === '\\') {
      const next = text[(at += 1)] ?? ''
      // A backslash at the end of a line goes on in the next one.
      if (next === '\r' && text[at + 1] === '\n') at += 1
      else if (next !== '\n') {
        const stays = quote === '"' && !ESCAPED_IN_QUOTES.test(next)
        word = (word ?? '') + (stays ? `\\${next}` : next)
      }
    } else if (quote === '"') {
      if (character === '"') quote = undefined
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/[;|&>]/.test(character)) {
      break
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return words
}

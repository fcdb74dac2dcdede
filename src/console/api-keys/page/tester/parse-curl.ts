import { methods } from '../../../../contract/catalog/operation.ts'

/** The methods that the access tester takes: those of the catalog, and HEAD. */
export const testMethods = [...methods, 'HEAD'] as const
export type TestMethod = (typeof testMethods)[number]

/** The method and the raw URL of a curl line. Nothing else of it is kept. */
export type ParsedCurl = { method: string; url: string }

/** Whether a text is a curl line, rather than a path. */
export function isCurl(text: string): boolean {
  return /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text)
}

// Which options of curl (8.17) take a value, so that no value is mistaken for the URL: short ones
// that do, long ones that don't.
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

type CurlCommand = {
  explicitMethod?: string
  url?: string
  sendsBody: boolean
  uploads: boolean
  asksHead: boolean
  asksGet: boolean
}

/** Parses a curl line as a POSIX shell and curl would. Undefined if it has no URL. */
export function parseCurl(text: string): ParsedCurl | undefined {
  const [, ...words] = shellWords(text.replace(/^\s*\$\s+/, ''))
  const command: CurlCommand = { sendsBody: false, uploads: false, asksHead: false, asksGet: false }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const options = parseOptions(word)
    if (options === undefined) {
      command.url ??= word
      continue
    }
    for (const { name, value } of options) {
      applyOption(command, name, value ?? (takesValue(name) ? words[(at += 1)] : undefined))
    }
  }
  if (command.url === undefined) return undefined
  return { method: effectiveMethod(command), url: command.url }
}

function effectiveMethod({
  explicitMethod,
  sendsBody,
  uploads,
  asksHead,
  asksGet,
}: CurlCommand): string {
  if (explicitMethod !== undefined) return explicitMethod
  if (asksHead) return 'HEAD'
  if (uploads) return 'PUT'
  return sendsBody && !asksGet ? 'POST' : 'GET'
}

type Option = { name: string; value: string | undefined }

/** The options of a word: one long, or short ones of which the last may take the rest as value. */
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

function applyOption(command: CurlCommand, name: string, value: string | undefined): void {
  switch (name) {
    case 'X':
    case 'request':
      if (value !== undefined) command.explicitMethod = value
      break
    case 'url':
      if (value !== undefined) command.url ??= value
      break
    case 'I':
    case 'head':
      command.asksHead = true
      break
    case 'G':
    case 'get':
      command.asksGet = true
      break
    case 'T':
    case 'upload-file':
      command.uploads = true
      break
    case 'd':
    case 'F':
    case 'json':
    case 'form':
    case 'form-string':
      command.sendsBody = true
      break
    default:
      if (name.startsWith('data')) command.sendsBody = true
  }
}

const ESCAPED_IN_QUOTES = /["\\$`]/

/** Splits a shell line into words and removes quotes and backslashes; expands nothing. */
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
      // A backslash at the end of a line continues it.
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

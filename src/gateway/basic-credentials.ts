/** The user-id and password of HTTP Basic. */
export type Credentials = { appId: string; appSecret: string }

// Latchkey's own have 12 and 44 characters; imported legacy ones may be a bit longer.
const HEADER_MAX = 512
const APP_ID_MAX = 64
const BASIC = /^basic +/i
// A user-id and password contain no control characters (RFC 7617 section 2).
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const ASCII = /^[\u0000-\u007f]*$/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses the `Authorization` header of HTTP Basic (RFC 7617), in UTF-8. Strict: undefined for
 * anything that two parsers could read differently, such as repeated headers, which `Headers` and
 * Node join with a comma.
 */
export function parseBasicCredentials(header: string | undefined): Credentials | undefined {
  if (header === undefined || header.length > HEADER_MAX) return undefined
  const scheme = BASIC.exec(header)?.[0]
  const text = scheme === undefined ? undefined : decodeBase64(header.slice(scheme.length))
  if (text === undefined || CONTROL.test(text)) return undefined
  // A user-id contains no colon; a password may (RFC 7617 section 2).
  const colon = text.indexOf(':')
  if (colon < 1 || colon > APP_ID_MAX || colon === text.length - 1) return undefined
  return { appId: text.slice(0, colon), appSecret: text.slice(colon + 1) }
}

/** Decodes canonical, padded base64 (RFC 4648 section 3.5), then UTF-8; undefined for any other. */
function decodeBase64(token: string): string | undefined {
  try {
    const binary = atob(token)
    if (btoa(binary) !== token) return undefined
    if (ASCII.test(binary)) return binary
    return utf8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

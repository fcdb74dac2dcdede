export type Credentials = { appId: string; appSecret: string }

// Ours are 12 and 44 characters; legacy ones from elsewhere may be longer, but not by much.
const HEADER_MAX = 512
const APP_ID_MAX = 64
// RFC 4648 section 4, the standard alphabet with its padding.
const BASIC = /^basic +((?:[A-Za-z0-9+/]{4})+|(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2})$/i
// A user-id and password hold no control characters (RFC 7617 section 2).
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const ASCII = /^[\u0000-\u007f]*$/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads the `Authorization` header of HTTP Basic (RFC 7617), in UTF-8. Strict: whatever two
 * readers could read differently is undefined. Repeated headers joined with a comma, as
 * `Headers` and Node join them, are among that.
 */
export function parseBasicCredentials(header: string | undefined): Credentials | undefined {
  if (header === undefined || header.length > HEADER_MAX) return undefined
  const token = BASIC.exec(header)?.[1]
  const text = token === undefined ? undefined : decodeBase64(token)
  if (text === undefined || CONTROL.test(text)) return undefined
  // A user-id holds no colon; a password may (RFC 7617 section 2).
  const colon = text.indexOf(':')
  if (colon < 1 || colon > APP_ID_MAX || colon === text.length - 1) return undefined
  return { appId: text.slice(0, colon), appSecret: text.slice(colon + 1) }
}

/** Decodes base64 in its one canonical form (RFC 4648 section 3.5), then UTF-8. */
function decodeBase64(token: string): string | undefined {
  if (token.length % 4 !== 0) return undefined
  const binary = atob(token)
  if (btoa(binary) !== token) return undefined
  if (ASCII.test(binary)) return binary
  try {
    return utf8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

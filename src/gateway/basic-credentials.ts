export type Credentials = { appId: string; appSecret: string }

// Ours are 12 and 44 characters; legacy ones from elsewhere may be longer, but not by much.
const HEADER_MAX = 512
const APP_ID_MAX = 64
const BASIC = /^basic +/i
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
  const scheme = BASIC.exec(header)?.[0]
  const text = scheme === undefined ? undefined : decodeBase64(header.slice(scheme.length))
  if (text === undefined || CONTROL.test(text)) return undefined
  // A user-id holds no colon; a password may (RFC 7617 section 2).
  const colon = text.indexOf(':')
  if (colon < 1 || colon > APP_ID_MAX || colon === text.length - 1) return undefined
  return { appId: text.slice(0, colon), appSecret: text.slice(colon + 1) }
}

/** Decodes base64 in its one canonical form, padded (RFC 4648 section 3.5), then UTF-8. */
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

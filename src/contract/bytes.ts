/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Base64 with padding (RFC 4648 section 4). For short texts: each byte becomes an argument. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** The bytes of a base64 text, with or without its padding. Throws if it isn't base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** SHA-256 of a text's UTF-8 bytes, which is all that is stored of an App Secret. */
export async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** {@link sha256} in hexadecimal. */
export async function sha256InHex(text: string): Promise<string> {
  return toHex(await sha256(text))
}

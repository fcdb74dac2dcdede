import { toHex } from '../bytes.ts'

/** Fills a new array of this length with cryptographically secure random bytes. */
export type RandomBytes = (length: number) => Uint8Array

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_CHARACTERS = 40

/** The format of App IDs: EMQX Cloud's, a letter and hex digits, but too long to collide. */
export const APP_ID = /^k[0-9a-f]{11}$/

/** The format of App Secrets: a prefix for secret scanners, and 238 random bits in base62. */
export const APP_SECRET = /^lks_[0-9A-Za-z]{40}$/

/** A new App ID of 44 random bits. The store rejects one that exists. */
export function newAppId(random: RandomBytes): string {
  return `k${toHex(random(6)).slice(0, 11)}`
}

/** A new App Secret. Only the response to the request that created it contains it. */
export function newAppSecret(random: RandomBytes): string {
  return `lks_${base62(random)}`
}

/** The format of automation token secrets: that of App Secrets with another prefix. */
export const TOKEN_SECRET = /^lkt_[0-9A-Za-z]{40}$/

/** A new automation token secret. Only the response that creates the token contains it. */
export function newTokenSecret(random: RandomBytes): string {
  return `lkt_${base62(random)}`
}

function base62(random: RandomBytes): string {
  let text = ''
  while (text.length < SECRET_CHARACTERS) {
    // 248 is the largest multiple of 62 in a byte; larger values would bias the result.
    for (const byte of random(SECRET_CHARACTERS)) {
      if (byte < 248 && text.length < SECRET_CHARACTERS) text += BASE62[byte % 62]
    }
  }
  return text
}

/** The `Authorization` header of HTTP Basic (RFC 7617) for an App ID and App Secret. */
export function basicAuthorization(appId: string, appSecret: string): string {
  return `Basic ${btoa(`${appId}:${appSecret}`)}`
}

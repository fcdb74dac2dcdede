import { createHmac, timingSafeEqual } from 'node:crypto'

/** Names of the sign-in cookies, and whether browsers send them over TLS only. */
export type SignInCookies = { isSecure: boolean; session: string; state: string }

/** Under TLS, the prefix `__Host-` binds the cookies to this host (RFC 6265bis). */
export function signInCookies(isSecure: boolean): SignInCookies {
  const prefix = isSecure ? '__Host-' : ''
  return { isSecure, session: `${prefix}latchkey-session`, state: `${prefix}latchkey-state` }
}

/** The value of a cookie in a request's `Cookie` header, decoded; undefined without one. */
export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [found = '', ...value] = pair.trim().split('=')
    if (found === name) return decode(value.join('='))
  }
  return undefined
}

/** A `Set-Cookie` value; an age of 0 deletes the cookie. */
export function setCookie(
  { isSecure }: SignInCookies,
  name: string,
  { value, maxAge, sameSite }: { value: string; maxAge: number; sameSite: 'Strict' | 'Lax' },
): string {
  const secure = isSecure ? 'Secure; ' : ''
  const attributes = `Max-Age=${maxAge}; Path=/; HttpOnly; ${secure}SameSite=${sameSite}`
  return `${name}=${encodeURIComponent(value)}; ${attributes}`
}

/** Signs a value, so that forged ones are refused without a read of the store. */
export function sign(value: string, secret: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64')}`
}

/** The value of a text that {@link sign} made with this secret; undefined for any other. */
export function verifySigned(text: string | undefined, secret: string): string | undefined {
  const [value = ''] = (text ?? '').split('.', 1)
  const expected = Buffer.from(sign(value, secret))
  const actual = Buffer.from(text ?? '')
  const isValid = expected.length === actual.length && timingSafeEqual(expected, actual)
  return isValid ? value : undefined
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

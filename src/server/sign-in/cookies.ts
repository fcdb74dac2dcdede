import { parse, parseSigned, serialize, serializeSigned } from 'hono/utils/cookie'

/** Names of the sign-in cookies, and whether browsers send them over TLS only. */
export type SignInCookies = { isSecure: boolean; session: string; state: string }

/** Under TLS, the prefix `__Host-` binds the cookies to this host (RFC 6265bis). */
export function signInCookies(isSecure: boolean): SignInCookies {
  const prefix = isSecure ? '__Host-' : ''
  return { isSecure, session: `${prefix}latchkey-session`, state: `${prefix}latchkey-state` }
}

/** The token of the session's cookie; undefined without one or with a forged signature. */
export async function readSession(
  request: Request,
  { session }: SignInCookies,
  secret: string,
): Promise<string | undefined> {
  const header = request.headers.get('cookie') ?? ''
  return (await parseSigned(header, secret, session))[session] || undefined
}

/** The `Set-Cookie` value of a session. Signed, so that forged tokens need no read of the store. */
export function setSession(
  { session, isSecure }: SignInCookies,
  token: string,
  { secret, maxAge }: { secret: string; maxAge: number },
): Promise<string> {
  return serializeSigned(session, token, secret, attributes(isSecure, 'Strict', maxAge))
}

/** The `Set-Cookie` value that deletes the session's cookie. */
export function clearSession({ session, isSecure }: SignInCookies): string {
  return serialize(session, '', attributes(isSecure, 'Strict', 0))
}

/** The value of the cookie between the redirects to and from the OpenID provider. */
export function readState(request: Request, { state }: SignInCookies): string | undefined {
  return parse(request.headers.get('cookie') ?? '', state)[state]
}

/** Sets that cookie; an age of 0 deletes it. Lax, since the provider's redirect is cross-site. */
export function setState(
  { state, isSecure }: SignInCookies,
  value: string,
  maxAge: number,
): string {
  return serialize(state, value, attributes(isSecure, 'Lax', maxAge))
}

function attributes(secure: boolean, sameSite: 'Strict' | 'Lax', maxAge: number) {
  return { maxAge, path: '/', httpOnly: true, secure, sameSite }
}

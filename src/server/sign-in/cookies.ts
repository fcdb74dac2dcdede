/** What the cookies of sign-in are called, and whether browsers send them over TLS alone. */
export type SessionCookies = {
  isSecure: boolean
  session: string
  state: string
}

/** Under TLS the names bind the cookies to this host (RFC 6265bis, `__Host-`). */
export function sessionCookies(isSecure: boolean): SessionCookies {
  const prefix = isSecure ? '__Host-' : ''
  return { isSecure, session: `${prefix}latchkey-session`, state: `${prefix}latchkey-state` }
}

/** Of a request's `Cookie` header what goes by these names; the rest is nobody's business here. */
export function cookiesNamed(header: string | null | undefined, names: string[]): string {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => names.includes(pair.split('=', 1)[0] ?? ''))
    .join('; ')
}

/** The `Set-Cookie` that takes the session's cookie from the browser. */
export function clearedCookie({ session, isSecure }: SessionCookies): string {
  return `${session}=; Max-Age=0; Path=/; HttpOnly; ${isSecure ? 'Secure; ' : ''}SameSite=Strict`
}

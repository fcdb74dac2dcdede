import { searchText } from '../page/search-text.ts'

/** What of the sign-in page stands in the URL. */
export type SignInSearch = {
  /** Where to go on after signing in: an address of this console. */
  next?: string
  /** Why signing in through the OpenID provider failed: a code. */
  error?: string
}

const LENGTH_MAX = 2000

/**
 * Reads the sign-in page's search parameters. An address elsewhere is dropped: a link to the
 * sign-in page must not lead people to a page that looks like ours.
 */
export function validateSignInSearch(input: Record<string, unknown>): SignInSearch {
  const next = sameOriginPath(searchText(input['next']))
  const error = searchText(input['error']).slice(0, LENGTH_MAX)
  return { ...(next !== undefined && { next }), ...(error !== '' && { error }) }
}

function sameOriginPath(address: string): string | undefined {
  if (!address.startsWith('/') || address.length > LENGTH_MAX) return undefined
  // The browser's own reading of it: `//host` and `/\host` lead elsewhere.
  const url = URL.parse(address, window.location.origin)
  if (!url || url.origin !== window.location.origin) return undefined
  return url.pathname === '/sign-in' || url.pathname === '/'
    ? undefined
    : `${url.pathname}${url.search}${url.hash}`
}

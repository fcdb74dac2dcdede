import type { HeaderBag } from '../http/backend.ts'

/**
 * Whether a page of another origin sends a request. Browsers say so by Fetch Metadata (the header
 * `Sec-Fetch-Site`); to a plain HTTP address that isn't localhost they don't, but name the page's
 * origin in what isn't GET or HEAD (the Fetch standard's `Origin`). What isn't a browser does
 * neither.
 *
 * @param publicUrl is Latchkey's own origin as well, whatever name the request came by
 */
export function isFromForeignPage(
  { 'sec-fetch-site': site, origin, host }: HeaderBag,
  publicUrl: string | null = null,
): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined || origin === publicUrl) return false
  return URL.parse(String(origin))?.host !== host
}

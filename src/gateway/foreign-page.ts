import type { HeaderBag } from '../contract/backend.ts'

/**
 * Whether a page of another origin sends a request. Browsers say so (Fetch Metadata, the header
 * `Sec-Fetch-Site`); what isn't a browser doesn't.
 */
export function isFromForeignPage(headers: HeaderBag): boolean {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

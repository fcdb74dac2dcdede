/** The headers by which browsers tell where a request comes from. */
type OriginHeaders = Record<'sec-fetch-site' | 'origin' | 'host', string | string[] | undefined>

/**
 * CSRF: whether a browser sends a request for a page of another origin. Browsers tell by Fetch
 * Metadata (`Sec-Fetch-Site`). To plain HTTP other than localhost they don't, but send `Origin`
 * with everything except GET and HEAD (Fetch standard). Other clients send neither.
 *
 * @param publicUrl Latchkey's own origin behind a proxy, where `Host` may be another name
 */
export function isCrossOrigin(
  { 'sec-fetch-site': site, origin, host }: Partial<OriginHeaders>,
  publicUrl: string | null = null,
): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined || origin === publicUrl) return false
  return URL.parse(String(origin))?.host !== host
}

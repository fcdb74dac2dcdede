import type { IncomingMessage } from 'node:http'
import {
  contains,
  parseForwardedAddress,
  parsePrefix,
} from '../../contract/network/ip-addresses.ts'

/** A request, as far as its client's address can be read from it. */
type AddressedRequest = Pick<IncomingMessage, 'headers'> & {
  socket: { remoteAddress?: string | undefined }
}

/** Finds the address that a request comes from; null where the connection is gone. */
export type AddressOf = (request: AddressedRequest) => string | null

/** Builds the test whether an address is a trusted proxy, given by addresses and prefixes. */
export function trustIn(trustedProxies: readonly string[]): (address: string) => boolean {
  const prefixes = trustedProxies.map(parsePrefix).filter((prefix) => prefix !== undefined)
  if (prefixes.length === 0) return () => false
  return (text) => {
    const address = parseForwardedAddress(text)
    return address !== undefined && prefixes.some((prefix) => contains(prefix, address))
  }
}

/**
 * Finds clients' addresses behind these proxies. Each proxy appends the address of its peer to
 * `X-Forwarded-For`; what a client wrote there itself comes before that. So the header is read
 * from its end, and only as far as trusted proxies wrote it.
 */
export function addressesBehind(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = trustIn(trustedProxies)

  return ({ headers, socket }) => {
    let address = unmapped(socket.remoteAddress ?? '')
    if (!isTrusted(address)) return address === '' ? null : address
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
    do {
      const before = parseForwardedAddress(forwarded.pop()?.trim() ?? '')
      if (!before) break
      address = before.toString()
    } while (isTrusted(address))
    return address
  }
}

/**
 * The IPv4 address of a peer that reached a socket of both families, which Node gives as
 * `::ffff:192.0.2.7`. Every call comes by here, so the address isn't parsed.
 */
function unmapped(remoteAddress: string): string {
  return remoteAddress.includes('.') ? remoteAddress.replace('::ffff:', '') : remoteAddress
}

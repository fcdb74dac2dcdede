import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

const V4 = /^[\d.]+$/
const V4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Whether this is an address or a range in CIDR notation, such as `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128)
}

/** The address that a request comes from; null where the connection is gone. */
export type AddressOf = (
  request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
) => string | null

/** Whether an address is one of these proxies, or within one of these ranges of them. */
export function trustIn(trustedProxies: readonly string[]): (address: string) => boolean {
  if (trustedProxies.length === 0) return () => false
  const trusted = new BlockList()
  for (const range of trustedProxies) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const bare = plain(address)
    return bare !== '' && trusted.check(bare, isIP(bare) === 4 ? 'ipv4' : 'ipv6')
  }
}

/**
 * Finds clients' addresses behind these proxies. Each proxy adds the address it was asked from
 * to the end of `X-Forwarded-For`; what a client wrote there itself stands before that. So it is
 * read from the end, and only as far as it was a trusted proxy that wrote.
 */
export function addressesBehind(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = trustIn(trustedProxies)

  return ({ headers, socket }) => {
    let address = plain(socket.remoteAddress ?? '')
    if (!isTrusted(address)) return address === '' ? null : address
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
    do {
      const before = plain(forwarded.pop()?.trim() ?? '')
      if (isIP(before) === 0) break
      address = before
    } while (isTrusted(address))
    return address
  }
}

/** An IPv4 address where it was written as an IPv6 one, and neither brackets nor a port. */
function plain(text: string): string {
  if (V4.test(text)) return text
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  return V4_MAPPED.exec(bare)?.[1] ?? bare
}

import ipaddr from 'ipaddr.js'

const { IPv4, IPv6 } = ipaddr

/** An IPv4 or IPv6 address; never an IPv4-mapped one (RFC 4291 section 2.5.5.2), which is IPv4. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

/** A block of addresses in CIDR notation (RFC 4632, RFC 4291): an address, and a length in bits. */
export type IpPrefix = { address: IpAddress; length: number }

/** Tells which addresses are allowed. */
export type AddressFilter = {
  /** Whether an address is allowed; null, for an unknown one, only where any is. */
  includes: (address: string | null) => boolean
}

// INET6_ADDRSTRLEN without its terminating null.
const TEXT_MAX = 45
const MAPPED = { address: IPv6.parse('::ffff:0:0'), length: 96 }
// No leading zeros: some programs read them as octal.
const LENGTH = /^(?:0|[1-9]\d{0,2})$/

/**
 * Parses an address in its standard form: four decimal numbers, or RFC 4291 section 2.2. What
 * ipaddr.js would take beyond that is refused: octal, hexadecimal and short IPv4, and zones. An
 * IPv4-mapped address (`::ffff:192.0.2.7`) comes out as IPv4. Undefined for anything else.
 */
export function parseAddress(text: string): IpAddress | undefined {
  if (text.length > TEXT_MAX) return undefined
  if (!text.includes(':')) return parseIPv4(text)
  const groups = withoutDottedTail(text)
  if (groups === undefined || groups.includes('%')) return undefined
  const address = parseBy(IPv6, groups)
  if (!address) return undefined
  return contains(MAPPED, address) ? new IPv4(address.toByteArray().slice(12)) : address
}

function parseIPv4(text: string): ipaddr.IPv4 | undefined {
  const address = parseBy(IPv4, text)
  return address?.toString() === text ? address : undefined
}

// To ask `isValid` first would parse everything twice.
function parseBy<Address>(family: { parse(text: string): Address }, text: string) {
  try {
    return family.parse(text)
  } catch {
    return undefined
  }
}

/** Rewrites an IPv4 tail as two groups: ipaddr.js takes `::192.0.2.7` for an IPv4-mapped address. */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) return text
  const tailAt = text.lastIndexOf(':') + 1
  const tail = parseIPv4(text.slice(tailAt))
  if (!tail) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = tail.octets
  return `${text.slice(0, tailAt)}${hex((a << 8) | b)}:${hex((c << 8) | d)}`
}

const hex = (group: number) => group.toString(16)

/**
 * Parses `10.0.0.0/8`, `2001:db8::/32` or a single address. The prefix of an IPv4-mapped address
 * counts from the start of the IPv6 one: `::ffff:10.0.0.0/104` is `10.0.0.0/8`, and a length
 * below 96 is refused, as is one with leading zeros.
 */
export function parsePrefix(text: string): IpPrefix | undefined {
  const [start = '', length, ...rest] = text.split('/')
  const address = parseAddress(start)
  if (!address || rest.length > 0) return undefined
  if (length === undefined) return { address, length: familyBits(address) }
  if (!LENGTH.test(length)) return undefined
  const isMapped = address.kind() === 'ipv4' && start.includes(':')
  const bits = Number(length) - (isMapped ? MAPPED.length : 0)
  return bits >= 0 && bits <= familyBits(address) ? { address, length: bits } : undefined
}

/**
 * Parses a prefix that may have been saved when less was refused: `10.0.0.0/08`, and
 * `::ffff:10.0.0.0/8` for `10.0.0.0/8`.
 */
function parseSavedPrefix(text: string): IpPrefix | undefined {
  const prefix = parsePrefix(text)
  if (prefix) return prefix
  const [, start = '', length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const address = parseAddress(start)
  return address && parsePrefix(`${address.toString()}/${Number(length)}`)
}

/** Whether a text is an address or a prefix that can be saved. */
export function isPrefix(text: string): boolean {
  return parsePrefix(text) !== undefined
}

/**
 * The one way to write a prefix: IPv6 by RFC 5952, without host bits, a single address without
 * its length. What is no prefix comes back as it is.
 */
export function normalizePrefix(text: string): string {
  const prefix = parsePrefix(text)
  if (!prefix) return text
  const { address, length } = prefix
  if (length === familyBits(address)) return address.toString()
  const cidr = `${address.toString()}/${length}`
  const family = address.kind() === 'ipv4' ? IPv4 : IPv6
  return `${family.networkAddressFromCIDR(cidr).toString()}/${length}`
}

function familyBits(address: IpAddress): number {
  return address.kind() === 'ipv4' ? 32 : 128
}

/** Whether an address is in a prefix; an IPv4 address is in no IPv6 prefix, not even in `::/0`. */
export function contains(prefix: IpPrefix, address: IpAddress): boolean {
  return prefix.address.kind() === address.kind() && address.match(prefix.address, prefix.length)
}

const ANY_ADDRESS: AddressFilter = { includes: () => true }

/**
 * Parses the addresses and prefixes that a key is held to; none allow any address. An entry that
 * can't be read allows nothing.
 */
export function createAddressFilter(entries: readonly string[]): AddressFilter {
  if (entries.length === 0) return ANY_ADDRESS
  const prefixes = entries.map(parseSavedPrefix).filter((prefix) => prefix !== undefined)
  return {
    includes(text) {
      const address = text === null ? undefined : parseAddress(withoutZone(text))
      return address !== undefined && prefixes.some((prefix) => contains(prefix, address))
    },
  }
}

/** A zone (RFC 4007, `fe80::1%eth0`) names an interface of this machine, and so no peer. */
function withoutZone(text: string): string {
  const zoneAt = text.indexOf('%')
  return zoneAt === -1 ? text : text.slice(0, zoneAt)
}

/**
 * Parses an entry of `X-Forwarded-For`, which may have a port (`192.0.2.7:4711`,
 * `[2001:db8::7]:4711`) or a zone.
 */
export function parseForwardedAddress(text: string): IpAddress | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(text) ?? []
  return parseAddress(withoutZone(bracketed ?? dotted ?? text))
}

/**
 * The network that attempts of an address are counted for: an IPv4 address by itself, an IPv6 one
 * with its /64, within which everyone picks their own addresses (RFC 4291 section 2.5.4). A text
 * that is no address counts as it is.
 */
export function networkKey(text: string): string {
  if (!text.includes(':')) return text
  const address = parseAddress(withoutZone(text))
  if (!address) return text
  if (!('parts' in address)) return address.toString()
  return `${address.parts.slice(0, 4).map(hex).join(':')}::/64`
}

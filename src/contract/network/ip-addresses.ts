/** How an address, or a block of addresses in CIDR notation (RFC 4632, RFC 4291), looks. */
const CIDR = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i

type Block = { bytes: Uint8Array; prefix: number }

/**
 * Reads `10.0.0.0/8`, `192.0.2.7`, `2001:db8::/32` and the like; undefined for anything else.
 * An IPv4 address that is written as IPv6 (`::ffff:192.0.2.7`) counts as IPv4.
 */
function parseBlock(text: string): Block | undefined {
  const [, address = '', length] = CIDR.exec(text) ?? []
  const bytes = parseAddress(address)
  if (!bytes) return undefined
  const bits = bytes.length * 8
  const prefix = length === undefined ? bits : Number(length)
  return prefix <= bits ? { bytes, prefix } : undefined
}

function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseV4(text)
  const groups = parseV6(text)
  if (!groups) return undefined
  const isMapped = groups.subarray(0, 10).every((byte) => byte === 0) && groups[10] === 255
  return isMapped && groups[11] === 255 ? groups.slice(12) : groups
}

function parseV4(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  // No leading zeros: some read them as octal.
  if (!parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined
  }
  return Uint8Array.from(parts, Number)
}

function parseV6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, at) => {
    return half === '' ? [] : bytesOf(half.split(':'), at === halves.length - 1)
  })
  if (!head) return undefined
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : undefined
  if (!tail || head.length + tail.length > 14) return undefined
  const gap = Array.from({ length: 16 - head.length - tail.length }, () => 0)
  return Uint8Array.from([...head, ...gap, ...tail])
}

function bytesOf(groups: string[], isEnd: boolean): number[] | undefined {
  const bytes: number[] = []
  for (const [at, group] of groups.entries()) {
    const isLast = isEnd && at === groups.length - 1
    const v4 = isLast && group.includes('.') ? parseV4(group) : undefined
    if (v4) bytes.push(...v4)
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 255)
    } else return undefined
  }
  return bytes
}

/** Whether a text is an address or a block of addresses. */
export function isAddressBlock(text: string): boolean {
  return parseBlock(text) !== undefined
}

/**
 * Whether an address is in one of these blocks; an empty list holds every address, and no
 * address at all is in none.
 */
export function isInBlocks(address: string | null, blocks: readonly string[]): boolean {
  if (blocks.length === 0) return true
  const bytes = address === null ? undefined : parseAddress(address.replace(/%.*$/, ''))
  if (!bytes) return false
  return blocks.some((text) => {
    const block = parseBlock(text)
    return block !== undefined && isWithin(bytes, block)
  })
}

function isWithin(address: Uint8Array, { bytes, prefix }: Block): boolean {
  if (address.length !== bytes.length) return false
  return address.every((byte, at) => {
    const bits = Math.min(8, Math.max(0, prefix - at * 8))
    const mask = (0xff << (8 - bits)) & 0xff
    return (byte & mask) === ((bytes[at] ?? 0) & mask)
  })
}

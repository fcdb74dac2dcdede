import { ADDRESSES_MAX } from '../../../contract/http/limits.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import {
  createAddressFilter,
  isPrefix,
  normalizePrefix,
} from '../../../contract/network/ip-addresses.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'

/** Splits a text into addresses: one a line, or separated by commas, semicolons or blanks. */
export function parseAddresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

/** Joins addresses to a text of one a line. */
export function joinAddresses(entries: readonly string[]): string {
  return entries.join('\n')
}

/** What is wrong with an address; `detail` continues a sentence that starts with the entry. */
export type AddressProblem = { entry: string; detail: string }

/** The problems that the server would find; empty if all addresses can be saved. */
export function findAddressProblems(text: string): AddressProblem[] {
  const entries = parseAddresses(text)
  const saved = entries.map(normalizePrefix)
  const problems = entries.flatMap((entry, at): AddressProblem[] => {
    if (!isPrefix(entry)) return [{ entry, detail: describeProblem(entry) }]
    return saved.indexOf(normalizePrefix(entry)) < at
      ? [{ entry, detail: 'stands here twice.' }]
      : []
  })
  if (entries.length > ADDRESSES_MAX) {
    const detail = `is one too many: a key takes at most ${ADDRESSES_MAX} addresses.`
    problems.push({ entry: entries[ADDRESSES_MAX] ?? '', detail })
  }
  return problems
}

function describeProblem(entry: string): string {
  const [address = '', length] = entry.split('/')
  if (length !== undefined && isPrefix(address)) {
    if (/^0\d/.test(length)) return 'has a prefix length that starts with 0.'
    const isIPv4 = normalizePrefix(address).includes('.')
    if (isIPv4 && address.includes(':')) return 'has no prefix length from 96 to 128.'
    return `has no prefix length from 0 to ${isIPv4 ? 32 : 128}.`
  }
  return 'is no address or block, such as 192.0.2.0/24 or 2001:db8::/32.'
}

/** Appends an address to the text. */
export function withAddress(text: string, address: string): string {
  return joinAddresses([...parseAddresses(text), address])
}

/** An address that a key was used from, and when last. */
export type AddressUse = { address: string; at: string }

/** The addresses that a key was used from, the most recent first. */
export function addressUses(lastUse: ApiKey['lastUse'], usage: Usage | undefined): AddressUse[] {
  const latest =
    lastUse.kind === 'used' && lastUse.address !== null
      ? [{ address: lastUse.address, at: lastUse.at }]
      : []
  const recorded = (usage?.addresses ?? []).map(({ address, lastUsedAt }) => ({
    address,
    at: lastUsedAt,
  }))
  const uses = [...latest, ...recorded]
  return uses.filter((one, at) => uses.findIndex(({ address }) => address === one.address) === at)
}

/** The uses from addresses that wouldn't be allowed any more. */
export function usesOutside(uses: readonly AddressUse[], entries: readonly string[]): AddressUse[] {
  const allowed = createAddressFilter(entries)
  return uses.filter(({ address }) => !allowed.includes(address))
}

/** Says where a key may be used from, in a few words. */
export function describeAddresses(entries: readonly string[]): string {
  const [only] = entries
  if (only === undefined) return 'from any address'
  return entries.length === 1 ? `from ${only} alone` : `from ${entries.length} addresses`
}

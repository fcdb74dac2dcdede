import { ADDRESSES_MAX } from '../../../contract/http/limits.ts'
import { isAddressBlock, isInBlocks } from '../../../contract/network/ip-addresses.ts'
import type { ApiKey } from '../../../contract/schemas.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'

/** The addresses of a text: one a line, or apart by commas or blanks as lists are pasted. */
export function parseAddresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

export function joinAddresses(entries: readonly string[]): string {
  return entries.join('\n')
}

/** What is wrong with an entry, which is named by its own text. */
export type AddressProblem = { entry: string; detail: string }

/** What is wrong with each entry, as the server would say; empty where all can be saved. */
export function findAddressProblems(text: string): AddressProblem[] {
  const entries = parseAddresses(text)
  const problems = entries.flatMap((entry, at): AddressProblem[] => {
    if (!isAddressBlock(entry)) return [{ entry, detail: detailOf(entry) }]
    return entries.indexOf(entry) < at ? [{ entry, detail: 'stands here twice.' }] : []
  })
  if (entries.length > ADDRESSES_MAX) {
    const detail = `is one too many: a key takes at most ${ADDRESSES_MAX} addresses.`
    problems.push({ entry: entries[ADDRESSES_MAX] ?? '', detail })
  }
  return problems
}

function detailOf(entry: string): string {
  const [address = '', length] = entry.split('/')
  if (length !== undefined && isAddressBlock(address)) {
    const most = address.includes(':') ? 128 : 32
    return `has no prefix length from 0 to ${most}.`
  }
  return 'is no address or block, such as 192.0.2.0/24 or 2001:db8::/32.'
}

/** The text with one more entry at its end. */
export function withAddress(text: string, address: string): string {
  return joinAddresses([...parseAddresses(text), address])
}

/** An address that a key was used from, and when it last was. */
export type AddressUse = { address: string; at: string }

/** Where a key was used from, the latest first: its last use, and what else is recorded. */
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

/** The past uses that these addresses would refuse. */
export function usesOutside(uses: readonly AddressUse[], entries: readonly string[]): AddressUse[] {
  return uses.filter(({ address }) => !isInBlocks(address, entries))
}

/** Where a key may be used from, in a few words. */
export function describeAddresses(entries: readonly string[]): string {
  const [only] = entries
  if (only === undefined) return 'from any address'
  return entries.length === 1 ? `from ${only} alone` : `from ${entries.length} addresses`
}

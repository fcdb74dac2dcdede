import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { createAddressFilter } from '../../../../contract/network/ip-addresses.ts'
import type { Usage } from '../../../../contract/usage/schemas.ts'
import { Badge } from '../../../ui/feedback/badge.tsx'
import { formatCount } from '../../../ui/text/format.ts'
import { Ago } from '../../../ui/text/timestamp.tsx'
import { Sublist } from './sublist.tsx'

const SHOWN_MAX = 20

/** The addresses that a key was used from, the most recent first. */
export function AddressList({
  apiKey: { allowedAddresses },
  addresses,
  now,
}: {
  apiKey: ApiKey
  addresses: Usage['addresses']
  now: number
}) {
  const filter = createAddressFilter(allowedAddresses)
  return (
    <Sublist
      title="Addresses"
      foot={
        addresses.length > 0 && (
          <p className="text-pretty">
            Counted since the record begins, whichever days are shown.
            {addresses.length >= SHOWN_MAX && ` The ${SHOWN_MAX} latest addresses stand here.`}
          </p>
        )
      }
    >
      {addresses.length === 0 && (
        <p className="px-4 py-1.5 text-muted">No call was allowed from an address.</p>
      )}
      <ul>
        {addresses.map(({ address, allowed, lastUsedAt }) => (
          <li key={address} className="px-4 py-1.5 tabular-nums">
            <div className="flex items-start justify-between gap-4">
              <span className="flex min-w-0 flex-wrap items-center gap-x-2 font-mono text-sm/5 wrap-anywhere">
                {address}
                {!filter.includes(address) && <Badge tone="warn">Shut out now</Badge>}
              </span>
              <span className="leading-4 font-[550]">
                {formatCount(allowed)}
                <span className="sr-only"> allowed</span>
              </span>
            </div>
            <p className="text-sm text-muted">
              Last used <Ago at={lastUsedAt} now={now} />
            </p>
          </li>
        ))}
      </ul>
    </Sublist>
  )
}

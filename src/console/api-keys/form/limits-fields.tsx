import { useId, type RefObject } from 'react'
import { ExpiryField } from '../../form/expiry-field.tsx'
import { useSession } from '../../session/session-query.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { Field } from '../../ui/fields/field.tsx'
import { formatAgo } from '../../ui/text/format.ts'
import {
  findAddressProblems,
  parseAddresses,
  usesOutside,
  withAddress,
  type AddressUse,
} from './addresses.ts'
import { fieldError } from './field-errors.ts'
import type { ApiKeyFormState } from './use-api-key-form.ts'

/** The props of the fields for a key's limits. */
export type LimitsProps = {
  form: Pick<ApiKeyFormState, 'draft' | 'error' | 'setExpiry' | 'setAddresses'>
  /** The addresses that the key was used from. */
  uses: readonly AddressUse[]
  /** Focused if the server rejects them. */
  expiryField: RefObject<HTMLSelectElement | null>
  addressesField: RefObject<HTMLTextAreaElement | null>
  /** When the dialog opened, in milliseconds since 1970. */
  now: number
}

/** The fields for when a key expires and where it may be used from. */
export function LimitsFields({ form, uses, expiryField, addressesField, now }: LimitsProps) {
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      <ExpiryField
        ref={expiryField}
        value={form.draft.expiry}
        onChange={form.setExpiry}
        neverHint="It works until someone disables or deletes it."
        error={fieldError(form.error, 'expiresAt')}
        now={now}
      />
      <AddressesField {...{ form, uses, expiryField, addressesField, now }} />
    </div>
  )
}

function AddressesField({ form, uses, addressesField, now }: LimitsProps) {
  const { addresses } = form.draft
  const listId = useId()
  const own = useSession()?.address ?? undefined
  const entries = parseAddresses(addresses)
  const problems = findAddressProblems(addresses)
  const blockedUses = problems.length === 0 ? usesOutside(uses, entries) : []
  const error = fieldError(form.error, 'allowedAddresses')
  return (
    <div>
      <Field
        label="Allowed addresses"
        error={problems.length > 0 ? 'Not all of these can be saved:' : error}
        hint="Addresses and CIDR blocks, IPv4 or IPv6, one a line. Empty means from anywhere."
      >
        {(field) => (
          <textarea
            {...field}
            ref={addressesField}
            rows={2}
            value={addresses}
            placeholder="203.0.113.7&#10;2001:db8::/32"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            {...(problems.length > 0 && {
              'aria-describedby': `${field['aria-describedby'] ?? ''} ${listId}`,
            })}
            className="control block field-sizing-content h-auto min-h-16 resize-none py-1.5 font-mono text-sm/5"
            onChange={({ target }) => form.setAddresses(target.value)}
          />
        )}
      </Field>
      {problems.length > 0 && (
        <ul id={listId} className="mt-1 space-y-0.5 text-sm text-danger-ink">
          {problems.map(({ entry, detail }, at) => (
            <li key={at} className="wrap-anywhere">
              <span className="font-mono">{entry}</span> {detail}
            </li>
          ))}
        </ul>
      )}
      <Button
        size={28}
        className="mt-2"
        disabledReason={addOwnAddressDisabledReason(own, entries)}
        onClick={() => own !== undefined && form.setAddresses(withAddress(addresses, own))}
      >
        Add my address
      </Button>
      {blockedUses.length > 0 && (
        <InlineMessage tone="warn" className="mt-3">
          <p>{blockedUsesText(blockedUses, now)}</p>
          <Button
            size={28}
            className="mt-2"
            onClick={() =>
              form.setAddresses(
                blockedUses.reduce((text, { address }) => withAddress(text, address), addresses),
              )
            }
          >
            {blockedUses.length === 1 ? 'Add it' : 'Add them'}
          </Button>
        </InlineMessage>
      )}
    </div>
  )
}

function addOwnAddressDisabledReason(
  own: string | undefined,
  entries: readonly string[],
): string | undefined {
  if (own === undefined) return 'Latchkey doesn’t know the address you come from'
  return entries.includes(own) ? `${own} is in the list` : undefined
}

function blockedUsesText([latest, ...others]: readonly AddressUse[], now: number): string {
  if (!latest) return ''
  const ago = formatAgo(latest.at, now).toLowerCase()
  if (others.length === 0) {
    return `${latest.address} used this key ${ago}. Its calls would be refused.`
  }
  return `${others.length + 1} addresses that used this key would be refused, ${latest.address} (${ago}) the latest.`
}

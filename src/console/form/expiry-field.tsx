import type { Ref } from 'react'
import { Field, TextField } from '../ui/fields/field.tsx'
import { Select } from '../ui/fields/select.tsx'
import { formatZonedTime, localTimeZone } from '../ui/text/zoned-time.ts'
import { chooseExpiry, expiryChoices, expiryLabels, typeExpiry, type Expiry } from './expiry.ts'

/** When a key or token expires: a choice, and a date and time for the last one. */
export function ExpiryField({
  value,
  onChange,
  neverHint,
  error,
  now,
  ref,
}: {
  value: Expiry
  onChange: (value: Expiry) => void
  /** Says what it means never to expire. */
  neverHint: string
  error?: string | undefined
  /** When the form opened, in milliseconds since 1970. */
  now: number
  ref?: Ref<HTMLSelectElement> | undefined
}) {
  const { choice, text, at, problem } = value
  const isMoment = choice === 'moment'
  const hint = at === null ? neverHint : at && `Calls are refused from ${formatZonedTime(at)} on.`
  return (
    <div className="space-y-3">
      <Field label="Expires" error={isMoment ? undefined : error} {...(!isMoment && { hint })}>
        {(field) => (
          <Select
            {...field}
            ref={ref}
            value={choice}
            onChange={({ target }) => {
              const next = expiryChoices.find((one) => one === target.value)
              if (next) onChange(chooseExpiry(next, value, Date.now()))
            }}
          >
            {expiryChoices.map((one) => (
              <option key={one} value={one}>
                {expiryLabels[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isMoment && (
        <TextField
          label="Date and time"
          aside={localTimeZone()}
          type="datetime-local"
          required
          value={text}
          error={error ?? problem}
          hint={at && Date.parse(at) <= now ? `Expired ${formatZonedTime(at)}.` : hint}
          onChange={({ target }) => onChange(typeExpiry(target.value, Date.now()))}
        />
      )}
    </div>
  )
}

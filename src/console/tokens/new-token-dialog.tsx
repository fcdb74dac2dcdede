import { useState } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import type { Role } from '../../contract/accounts/roles.ts'
import type { CreatedAutomationToken } from '../../contract/accounts/schemas.ts'
import { characters, TOKEN_NAME_MAX } from '../../contract/http/limits.ts'
import { useApiMutation } from '../api/mutation.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { RoleChoice } from '../people/role-choice.tsx'
import { Field, TextField } from '../ui/fields/field.tsx'
import { Select } from '../ui/fields/select.tsx'
import { formatDate } from '../ui/text/format.ts'
import {
  dateFieldValue,
  expiresAt,
  expiryChoices,
  expiryLabels,
  type ExpiryChoice,
} from './expiry.ts'

type Values = { name: string; role: Role; expiry: ExpiryChoice; date: string }

const DATE_NEEDED = 'Choose a day that is still to come.'

/** Creates an automation token. */
export function NewTokenDialog({
  onCreated,
  onClose,
}: {
  onCreated: (created: CreatedAutomationToken) => void
  onClose: () => void
}) {
  const [openedAt] = useState(() => Date.now())
  const form = useForm<Values>({
    defaultValues: { name: '', role: 'viewer', expiry: '90', date: '' },
  })
  const { register, control, setError } = form
  const { errors } = form.formState
  const [expiry, date] = useWatch({ control, name: ['expiry', 'date'] })
  const create = useApiMutation('createToken', {
    errorIn: 'form',
    invalidates: ['listTokens'],
    onSuccess: onCreated,
  })

  function submit({ name, role, expiry: choice, date: day }: Values): void {
    const until = expiresAtFromNow(choice, day)
    if (until === undefined) {
      return setError('date', { message: DATE_NEEDED }, { shouldFocus: true })
    }
    create.mutate({ body: { name: name.trim(), role, expiresAt: until } })
  }

  return (
    <FormDialog
      form={form}
      title="New token"
      subtitle="For a script that calls the management API."
      submitLabel="Create token"
      isPending={create.isPending}
      submitError={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label="Name"
        placeholder="What uses it, such as “Terraform, staging”"
        autoComplete="off"
        required
        error={errors.name?.message}
        {...register('name', {
          validate: (name) =>
            name.trim() === ''
              ? 'Give the token a name.'
              : characters(name.trim()) <= TOKEN_NAME_MAX ||
                `Use at most ${TOKEN_NAME_MAX} characters.`,
        })}
      />
      <RoleChoice error={errors.role?.message} {...register('role')} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Expires" hint={expiryHint(expiry, date, openedAt)}>
          {(field) => (
            <Select {...field} {...register('expiry')}>
              {expiryChoices.map((choice) => (
                <option key={choice} value={choice}>
                  {expiryLabels[choice]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {expiry === 'date' && (
          <TextField
            label="Date"
            type="date"
            min={dateFieldValue(openedAt)}
            required
            error={errors.date?.message}
            {...register('date', {
              validate: (day, { expiry: choice }) =>
                choice !== 'date' || expiresAtFromNow('date', day) !== undefined
                  ? true
                  : DATE_NEEDED,
            })}
          />
        )}
      </div>
    </FormDialog>
  )
}

function expiresAtFromNow(choice: ExpiryChoice, date: string) {
  return expiresAt(choice, date, Date.now())
}

function expiryHint(choice: ExpiryChoice, date: string, now: number): string {
  const until = expiresAt(choice, date, now)
  if (until === null) return 'It works until someone deletes it, whoever gets hold of it.'
  return until === undefined ? 'To the end of that day.' : `Refused after ${formatDate(until)}.`
}

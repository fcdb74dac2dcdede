import { useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import type { Role } from '../../contract/accounts/roles.ts'
import type { CreatedAutomationToken } from '../../contract/accounts/schemas.ts'
import { characters, TOKEN_NAME_MAX } from '../../contract/http/limits.ts'
import { useApiMutation } from '../api/mutation.ts'
import { ExpiryField } from '../form/expiry-field.tsx'
import { chooseExpiry, neverExpires, type Expiry } from '../form/expiry.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { RoleChoice } from '../people/role-choice.tsx'
import { TextField } from '../ui/fields/field.tsx'

type Values = { name: string; role: Role; expiry: Expiry }

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
    defaultValues: {
      name: '',
      role: 'viewer',
      expiry: chooseExpiry('90', neverExpires, openedAt),
    },
  })
  const { register } = form
  const { errors } = form.formState
  const create = useApiMutation('createToken', {
    errorIn: 'form',
    invalidates: ['listTokens'],
    onSuccess: onCreated,
  })

  function submit({ name, role, expiry }: Values): void {
    create.mutate({ body: { name: name.trim(), role, expiresAt: expiry.at ?? null } })
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
      <Controller
        control={form.control}
        name="expiry"
        rules={{ validate: ({ at, problem }) => at !== undefined || problem }}
        render={({ field: { name: _name, onBlur: _onBlur, ...field }, fieldState: { error } }) => (
          <ExpiryField
            {...field}
            neverHint="It works until someone deletes it, whoever gets hold of it."
            error={error?.message}
            now={openedAt}
          />
        )}
      />
    </FormDialog>
  )
}

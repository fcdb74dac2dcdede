import { Eye, EyeOff } from 'lucide-react'
import { useState, type ComponentProps, type ReactNode } from 'react'
import { IconButton } from '../buttons/button.tsx'
import { Field, TextInput } from './field.tsx'

/** A labelled password; a button shows and hides what was typed. */
export function PasswordField({
  label,
  hint,
  error,
  required = false,
  ...props
}: Omit<ComponentProps<'input'>, 'type' | 'className'> & {
  label: string
  hint?: ReactNode
  error?: string | undefined
}) {
  const [isShown, setIsShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {(control) => (
        <div className="relative">
          <TextInput
            {...props}
            {...control}
            type={isShown ? 'text' : 'password'}
            autoCapitalize="none"
            spellCheck={false}
            className="pr-9"
          />
          <IconButton
            label={isShown ? 'Hide password' : 'Show password'}
            aria-controls={control.id}
            className="!absolute top-0.5 right-0.5"
            icon={<Icon className="size-4" />}
            onClick={() => setIsShown(!isShown)}
          />
        </div>
      )}
    </Field>
  )
}

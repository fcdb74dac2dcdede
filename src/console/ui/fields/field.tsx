import { useId, type ComponentProps, type ReactNode } from 'react'
import { cx } from '../text/cx.ts'

/** What ties a control to its label, hint and error; spread it on the control. */
export type FieldControl = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  'aria-required': true | undefined
}

/** A label over a control, with a hint or an error under it. The error takes the hint's place. */
export function Field({
  label,
  hint,
  error,
  aside,
  required = false,
  className,
  children,
}: {
  label: string
  hint?: ReactNode
  error?: string | undefined
  /** Stands at the end of the label's line, such as a counter. */
  aside?: ReactNode
  required?: boolean
  className?: string
  children: (control: FieldControl) => ReactNode
}) {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = error !== undefined || hint !== undefined
  return (
    <div className={className}>
      <div className="mb-1.5 flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-[550]">
          {label}
        </label>
        {aside !== undefined && <span className="text-sm text-muted tabular-nums">{aside}</span>}
      </div>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-required': required || undefined,
      })}
      {hasNote && (
        <p
          id={noteId}
          className={cx('mt-1.5 text-sm text-pretty', error ? 'text-danger-ink' : 'text-muted')}
        >
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

/** A one-line text control. */
export function TextInput({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return <input {...props} type={type} className={cx('control', className)} />
}

type TextFieldProps = ComponentProps<'input'> & {
  label: string
  hint?: ReactNode
  error?: string | undefined
  aside?: ReactNode
}

/** A labelled one-line text control; takes what `register` of react-hook-form gives. */
export function TextField({
  label,
  hint,
  error,
  aside,
  required,
  className,
  ...props
}: TextFieldProps) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      aside={aside}
      required={required ?? false}
      {...(className !== undefined && { className })}
    >
      {(control) => <TextInput {...props} {...control} />}
    </Field>
  )
}

import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { cx } from './cx.ts'
import { useTooltip } from './tooltip.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'

const base =
  'relative inline-flex flex-none select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-sm border font-[550] transition-[background-color,border-color,color]'

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover not-aria-disabled:active:bg-accent-pressed',
  secondary:
    'border-line-strong bg-panel text-ink not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-pressed aria-expanded:bg-pressed aria-pressed:bg-selected',
  ghost:
    'border-transparent text-muted not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink not-aria-disabled:active:bg-pressed aria-expanded:bg-pressed aria-expanded:text-ink',
  danger:
    'border-transparent bg-danger-solid text-on-accent not-aria-disabled:hover:bg-danger-solid-hover',
}

/** The look of a button, for links that lead somewhere: `<Link className={buttonClass()}>`. */
export function buttonClass(
  variant: ButtonVariant = 'secondary',
  size: 32 | 28 = 32,
  className?: string,
): string {
  return cx(
    base,
    variants[variant],
    size === 32 ? 'h-8 px-3 text-base' : 'h-7 px-2.5 text-sm',
    className,
  )
}

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  variant?: ButtonVariant
  size?: 32 | 28
  /** An icon before the text, 14 to 16 px. */
  icon?: ReactNode
  /** Under way: the button takes no click, and shows a spinner once it lasts. */
  loading?: boolean | undefined
  /** Why the button does nothing now. It stays focusable and tells on hover and focus. */
  disabledReason?: string | undefined
}

/** A button. One that can't be used says why, see `disabledReason`; it is never just grey. */
export function Button({
  variant = 'secondary',
  size = 32,
  icon,
  loading = false,
  disabledReason,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const { trigger, bubble } = useTooltip(disabledReason)
  const inert = loading || disabledReason !== undefined

  function handleClick(event: MouseEvent<HTMLButtonElement>): void {
    if (inert) event.preventDefault()
    else onClick?.(event)
  }

  return (
    <>
      <button
        {...rest}
        {...(disabledReason !== undefined && trigger)}
        type={type}
        aria-disabled={inert || undefined}
        aria-busy={loading || undefined}
        onClick={handleClick}
        className={cx(
          buttonClass(variant, size, className),
          disabledReason !== undefined && 'opacity-50',
        )}
      >
        {loading && (
          <span className="absolute inset-0 grid place-items-center">
            <span className="spinner size-3.5" />
          </span>
        )}
        <span className={cx('inline-flex items-center gap-1.5', loading && 'vanish-late')}>
          {icon}
          {children}
        </span>
      </button>
      {disabledReason !== undefined && bubble}
    </>
  )
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'children' | 'disabled'> & {
  /** The accessible name; it shows as a tooltip as well. */
  label: string
  icon: ReactNode
  size?: 32 | 28 | 24
}

/** A square button with an icon alone. */
export function IconButton({
  label,
  icon,
  size = 28,
  type = 'button',
  className,
  ...rest
}: IconButtonProps) {
  const { trigger, bubble } = useTooltip(label, { describes: false })
  return (
    <>
      <button
        {...trigger}
        {...rest}
        type={type}
        aria-label={label}
        className={cx(
          base,
          variants.ghost,
          'p-0',
          size === 32 ? 'size-8' : size === 28 ? 'size-7' : 'size-6 rounded-xs',
          className,
        )}
      >
        {icon}
      </button>
      {bubble}
    </>
  )
}

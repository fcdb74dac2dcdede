import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { useTooltip } from '../overlays/tooltip.tsx'
import { cx } from '../text/cx.ts'

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
  const { trigger, bubble, show } = useTooltip(disabledReason)
  const inert = loading || disabledReason !== undefined

  function handleClick(event: MouseEvent<HTMLButtonElement>): void {
    if (!inert) return onClick?.(event)
    event.preventDefault()
    // On a touch screen a press is the only way to ask.
    if (disabledReason !== undefined) show(event.currentTarget)
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
  /** Why the button does nothing now; it takes the name's place in the tooltip. */
  disabledReason?: string | undefined
}

/** A square button with an icon alone. */
export function IconButton({
  label,
  icon,
  size = 28,
  disabledReason,
  type = 'button',
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const isDisabled = disabledReason !== undefined
  const { trigger, bubble, show } = useTooltip(disabledReason ?? label, { describes: isDisabled })

  function handleClick(event: MouseEvent<HTMLButtonElement>): void {
    if (!isDisabled) return onClick?.(event)
    event.preventDefault()
    show(event.currentTarget)
  }

  return (
    <>
      <button
        {...trigger}
        {...rest}
        type={type}
        aria-label={label}
        aria-disabled={isDisabled || undefined}
        onClick={handleClick}
        className={cx(
          base,
          variants.ghost,
          'p-0',
          size === 32 ? 'size-8' : size === 28 ? 'size-7' : 'size-6 rounded-xs',
          isDisabled && 'opacity-50',
          className,
        )}
      >
        {icon}
      </button>
      {bubble}
    </>
  )
}

import type { ReactNode } from 'react'
import { cx } from '../text/cx.ts'

const tones = {
  neutral: 'bg-hover text-muted',
  warn: 'bg-warn-soft text-warn-ink',
} as const

/** A short label of state or kind. */
export function Badge({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: keyof typeof tones
  /** 12 px. */
  icon?: ReactNode
  children: ReactNode
}) {
  return (
    <span
      className={cx(
        'inline-flex h-[1.125rem] flex-none items-center gap-1 rounded-xs px-1.5 text-xs font-[550] whitespace-nowrap',
        tones[tone],
      )}
    >
      {icon}
      {children}
    </span>
  )
}

/** An HTTP method in its colour; the only place where method colours carry text. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <span className="method" data-method={method}>
      {method}
    </span>
  )
}

const dots = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  danger: 'bg-danger',
  off: 'bg-transparent ring-[1.5px] ring-faint ring-inset',
} as const

/** A coloured dot before a state's name; the name is always there, the colour never alone. */
export function StatusDot({ tone, children }: { tone: keyof typeof dots; children: ReactNode }) {
  return (
    <span className="inline-flex items-baseline gap-2">
      <span
        aria-hidden
        className={cx('size-[7px] flex-none self-center rounded-full', dots[tone])}
      />
      {children}
    </span>
  )
}

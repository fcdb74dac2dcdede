import { CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../text/cx.ts'

const tones = {
  neutral: { box: 'border-line bg-hover text-ink', icon: Info, role: undefined },
  ok: { box: 'border-transparent bg-ok-soft text-ok-ink', icon: CircleCheck, role: 'status' },
  warn: {
    box: 'border-warn-line bg-warn-soft text-warn-ink',
    icon: TriangleAlert,
    role: undefined,
  },
  danger: {
    box: 'border-danger-line bg-danger-soft text-danger-ink',
    icon: TriangleAlert,
    role: 'alert',
  },
} as const

/** A message in the flow of a page, form or dialog; screen readers hear a failure at once. */
export function InlineMessage({
  tone,
  className,
  children,
}: {
  tone: keyof typeof tones
  className?: string
  children: ReactNode
}) {
  const { box, icon: Icon, role } = tones[tone]
  return (
    <div
      role={role}
      className={cx(
        'flex items-start gap-2 rounded-sm border px-3 py-2 text-pretty',
        box,
        className,
      )}
    >
      <Icon className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
    </div>
  )
}

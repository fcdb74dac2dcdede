import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from '../text/cx.ts'

/** The platform's own list of choices, in our clothes. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative block', className)}>
      <select {...props} className="control cursor-pointer appearance-none truncate pr-8">
        {children}
      </select>
      <ChevronDown className="pointer-events-none absolute top-2 right-2.5 size-4 text-muted" />
    </span>
  )
}

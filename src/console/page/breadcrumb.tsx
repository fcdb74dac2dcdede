import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** The breadcrumb of a page: a {@link Crumb} for each page above it, then its own name. */
export function Breadcrumb({ children, current }: { children: ReactNode; current: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex min-w-0 items-center gap-1.5 text-muted [&_a]:rounded-xs [&_a]:hover:text-ink [&_a]:hover:underline">
        {children}
        <li aria-current="page" className="min-w-0 truncate text-ink">
          {current}
        </li>
      </ol>
    </nav>
  )
}

/** The link to a page above in the breadcrumb. */
export function Crumb({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <>
      <li className={className}>{children}</li>
      <ChevronRight aria-hidden className="size-3.5 flex-none text-faint" />
    </>
  )
}

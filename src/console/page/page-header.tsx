import type { ReactNode } from 'react'

/** The head of a page: breadcrumb, heading with what stands beside it, actions, and lines below. */
export function PageHeader({
  breadcrumb,
  heading,
  actions,
  className,
  children,
}: {
  breadcrumb?: ReactNode
  /** The `h1`, and badges or states beside it. */
  heading: ReactNode
  actions?: ReactNode
  className?: string
  children?: ReactNode
}) {
  return (
    <header className={className}>
      {breadcrumb}
      <div className={`${breadcrumb ? 'mt-2 ' : ''}flex flex-wrap items-start gap-x-3 gap-y-2`}>
        <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">
          {heading}
        </div>
        {actions}
      </div>
      {children}
    </header>
  )
}

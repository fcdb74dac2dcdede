import { useId, type ReactNode } from 'react'
import { ErrorState } from '../../ui/feedback/empty-and-error.tsx'

/** A section of a key's page: a heading with a panel below it. */
export function Section({
  title,
  count,
  aside,
  bare = false,
  children,
}: {
  title: string
  /** Shown beside the title. */
  count?: string | undefined
  /** Shown at the end of the title's line. */
  aside?: ReactNode
  /** Without a panel, for children that are panels themselves. */
  bare?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-7 min-w-0">
      <div className="mb-2.5 flex min-h-7 flex-wrap items-center gap-x-2.5 gap-y-1">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {count !== undefined && <span className="text-muted tabular-nums">{count}</span>}
        {aside !== undefined && <div className="ml-auto">{aside}</div>}
      </div>
      {bare ? (
        children
      ) : (
        <div className="overflow-hidden rounded-md border border-line bg-panel">{children}</div>
      )}
    </section>
  )
}

/** Shown in a section that didn't load, with a button to retry. */
export function SectionFailure({
  title,
  detail,
  retrying,
  onRetry,
}: {
  title: string
  detail: string
  retrying: boolean
  onRetry: () => void
}) {
  return (
    <ErrorState
      title={title}
      detail={detail}
      retrying={retrying}
      onRetry={onRetry}
      className="!py-8"
    />
  )
}

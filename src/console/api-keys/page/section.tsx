import { useId, type ReactNode } from 'react'
import { ErrorState } from '../../ui/feedback/empty-and-error.tsx'
import { cx } from '../../ui/text/cx.ts'

/** A part of a key's page: its heading, and what belongs to it on a plane. */
export function Section({
  title,
  count,
  lead,
  aside,
  bare = false,
  className,
  children,
}: {
  title: string
  /** Stands beside the title. */
  count?: string | undefined
  /** What is shown here, in a sentence. */
  lead?: string
  /** Stands at the end of the title's line. */
  aside?: ReactNode
  /** Where the children are planes themselves. */
  bare?: boolean
  className?: string
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={cx('mt-7 min-w-0', className)}>
      <div className="mb-2.5 flex min-h-7 flex-wrap items-center gap-x-2.5 gap-y-1">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {count !== undefined && <span className="text-muted tabular-nums">{count}</span>}
        {aside !== undefined && <div className="ml-auto">{aside}</div>}
        {lead !== undefined && <p className="basis-full text-pretty text-muted">{lead}</p>}
      </div>
      {bare ? (
        children
      ) : (
        <div className="overflow-hidden rounded-md border border-line bg-panel">{children}</div>
      )}
    </section>
  )
}

/** A part that didn't load, with the way to try again. */
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

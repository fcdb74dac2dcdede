import { RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { cx } from '../text/cx.ts'

/** Stands where content is on its way, in its size; `className` gives width and height. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={cx('pulse block rounded-xs bg-pressed', className)} />
}

/** Says that something takes time, once it does. */
export function Progress({ children }: { children: ReactNode }) {
  return (
    <output className="appear-late inline-flex items-center gap-2 text-muted">
      <span className="spinner size-3.5" />
      {children}
    </output>
  )
}

/** Nothing here yet, or nothing that matches: what belongs here and how it gets here. */
export function EmptyState({
  icon,
  title,
  titleAs: Title = 'p',
  children,
  action,
  className,
}: {
  /** 20 px. */
  icon?: ReactNode
  title: string
  /** `h1` where it is all that the page has. */
  titleAs?: 'p' | 'h1'
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cx('flex flex-col items-center px-6 py-12 text-center', className)}>
      {icon !== undefined && (
        <span className="mb-3 grid size-10 place-items-center rounded-md border border-line text-muted">
          {icon}
        </span>
      )}
      <Title className="font-semibold text-ink">{title}</Title>
      {children !== undefined && (
        <div className="mt-1 max-w-96 text-balance text-muted">{children}</div>
      )}
      {action !== undefined && <div className="mt-4 flex gap-2">{action}</div>}
    </div>
  )
}

/** Something failed to load: what, why, and a way to try again. */
export function ErrorState({
  title,
  titleAs: Title = 'p',
  detail,
  onRetry,
  retrying = false,
  className,
}: {
  title: string
  /** `h1` where it is all that the page has. */
  titleAs?: 'p' | 'h1'
  detail: string
  onRetry?: () => void
  retrying?: boolean
  className?: string
}) {
  return (
    <div
      role="alert"
      className={cx('flex flex-col items-center px-6 py-12 text-center', className)}
    >
      <span className="mb-3 grid size-10 place-items-center rounded-md bg-danger-soft text-danger-ink">
        <TriangleAlert className="size-5" />
      </span>
      <Title className="font-semibold text-ink">{title}</Title>
      <p className="mt-1 max-w-96 text-balance wrap-anywhere text-muted">{detail}</p>
      {onRetry && (
        <Button
          className="mt-4"
          icon={<RotateCw className="size-3.5" />}
          loading={retrying}
          onClick={onRetry}
        >
          Try again
        </Button>
      )}
    </div>
  )
}

import { MethodBadge } from '../../ui/feedback/badge.tsx'
import { HighlightedPath } from '../parts/highlight.tsx'

/** An operation's method and path. */
export function OperationName({ operation }: { operation: string }) {
  const [method = '', path = ''] = operation.split(' ')
  return (
    <span className="inline-flex min-w-0 items-start gap-2 align-top">
      <MethodBadge method={method} />
      <span className="min-w-0 font-mono text-sm/4 wrap-anywhere">
        <HighlightedPath path={path} />
      </span>
    </span>
  )
}

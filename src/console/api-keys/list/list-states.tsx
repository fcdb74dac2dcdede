import { KeyRound, Lock, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/feedback/empty-and-error.tsx'

/** Placeholder rows of the same height while the keys load. */
export function ListSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-busy>
      <span className="sr-only">Loading the API keys</span>
      <div className="h-9 border-b border-line max-md:hidden" />
      {Array.from({ length: rows }, (_, at) => (
        <div
          key={at}
          className="flex h-23 items-center gap-6 border-line-soft px-4 not-first:border-t md:h-10.5"
        >
          <Skeleton className="ml-8 h-3 w-28 flex-none" />
          <Skeleton className="h-3 max-w-56 flex-1" />
          <Skeleton className="ml-auto h-3 w-40 max-md:hidden" />
          <Skeleton className="mr-16 h-3 w-20 max-md:hidden" />
        </div>
      ))}
    </div>
  )
}

/** The empty state: what a key is for, and the button that creates one. */
export function NoKeys({ deployment, action }: { deployment: Deployment; action: ReactNode }) {
  const { keysAreConfigurable } = planRules(deployment)
  return (
    <EmptyState icon={<KeyRound className="size-5" />} title="No API keys yet" action={action}>
      A script or service calls this deployment’s API with an App ID and an App Secret.{' '}
      {keysAreConfigurable
        ? 'Choose exactly what the key may call; everything else is refused.'
        : 'On this plan a key may call every endpoint.'}
    </EmptyState>
  )
}

/** Shown if search and filters match no key. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={<SearchX className="size-5" />}
      title="No API key matches"
      action={<Button onClick={onClear}>Clear filter</Button>}
    >
      The search looks at App ID and note, and wants every word.
    </EmptyState>
  )
}

/** Shown if the keys didn't load: forbidden, or failed with a retry. */
export function ListFailure({
  error,
  retrying,
  onRetry,
}: {
  error: ApiError
  retrying: boolean
  onRetry: () => void
}) {
  if (error.status === 403) {
    return (
      <EmptyState icon={<Lock className="size-5" />} title="You may not see these API keys">
        {error.message}
      </EmptyState>
    )
  }
  return (
    <ErrorState
      title="The API keys didn’t load"
      detail={error.message}
      retrying={retrying}
      onRetry={onRetry}
    />
  )
}

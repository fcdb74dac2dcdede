import { Link } from '@tanstack/react-router'
import { Compass, Lock } from 'lucide-react'
import type { ApiError } from '../../api/api-error.ts'
import { PageTitle } from '../../page/page-title.tsx'
import { buttonClass } from '../../ui/buttons/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { KeyBreadcrumb } from './key-header.tsx'

type Place = { deployment: { id: string; name: string }; appId: string }

/** Shown if no such key exists; links to the deployment's keys. */
export function NoSuchKey({ deployment }: Pick<Place, 'deployment'>) {
  return (
    <>
      <PageTitle>No such API key</PageTitle>
      <EmptyState
        icon={<Compass className="size-5" />}
        title="There is no such API key"
        titleAs="h1"
        className="py-24"
        action={
          <Link
            to="/deployments/$deploymentId"
            params={{ deploymentId: deployment.id }}
            className={buttonClass()}
          >
            Go to {deployment.name}
          </Link>
        }
      >
        It was deleted, or the address has a typo. Activity has what was done to it.
      </EmptyState>
    </>
  )
}

/** Shown if the key didn't load: forbidden, or failed with a retry. */
export function KeyFailure({
  error,
  retrying,
  onRetry,
  ...place
}: Place & { error: ApiError; retrying: boolean; onRetry: () => void }) {
  return (
    <>
      <PageTitle>{place.appId}</PageTitle>
      <KeyBreadcrumb {...place} />
      {error.isForbidden ? (
        <EmptyState
          icon={<Lock className="size-5" />}
          title="You may not see this API key"
          titleAs="h1"
          className="py-24"
        >
          {error.message}
        </EmptyState>
      ) : (
        <ErrorState
          title="The API key didn’t load"
          titleAs="h1"
          detail={error.message}
          retrying={retrying}
          onRetry={onRetry}
          className="py-24"
        />
      )}
    </>
  )
}

/** The placeholder of the page while the key loads. */
export function KeyPageSkeleton(place: Place) {
  return (
    <div aria-busy>
      <PageTitle>{place.appId}</PageTitle>
      <KeyBreadcrumb {...place} />
      <div className="mt-2 flex h-8 items-center">
        <h1 className="font-mono text-xl">{place.appId}</h1>
      </div>
      <Skeleton className="mt-2 h-3 w-56" />
      <div className="mt-5 h-16 rounded-md border border-line bg-panel" />
      <div className="mt-16 h-72 rounded-md border border-line bg-panel" />
    </div>
  )
}

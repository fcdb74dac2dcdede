import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyFailure, KeyPageSkeleton, NoSuchKey } from '../api-keys/page/key-page-states.tsx'
import { ApiKeyPage } from '../api-keys/page/key-page.tsx'
import { keyQuery } from '../api-keys/page/key-queries.ts'
import { DEFAULT_DAYS, validateKeyPageSearch } from '../api-keys/page/search-params.ts'
import { deploymentQuery } from '../deployments/overview.tsx'
import { DeadEnd } from '../shell/dead-ends.tsx'
import { InlineMessage } from '../ui/inline-message.tsx'

const route = getRouteApi('/deployments/$deploymentId/api-keys/$appId')

/** The page of one API key, at its own address. */
export function KeyPage() {
  const { deploymentId, appId } = route.useParams()
  return <KeyOfDeployment key={`${deploymentId} ${appId}`} {...{ deploymentId, appId }} />
}

function KeyOfDeployment({ deploymentId, appId }: { deploymentId: string; appId: string }) {
  const { days = DEFAULT_DAYS } = validateKeyPageSearch(route.useSearch())
  const deployment = useQuery(deploymentQuery(deploymentId))
  const apiKey = useQuery(keyQuery({ deploymentId, appId }))

  if (deployment.error?.isNotFound) {
    return (
      <DeadEnd pageTitle="No such deployment" title="There is no such deployment">
        It was removed, or the address has a typo.
      </DeadEnd>
    )
  }
  const place = { deployment: deployment.data ?? { id: deploymentId, name: deploymentId }, appId }
  // A key that was deleted elsewhere is gone, though its last answer is still at hand.
  if (apiKey.error?.isNotFound) return <NoSuchKey deployment={place.deployment} />
  const error = apiKey.error ?? deployment.error
  if (!deployment.data || !apiKey.data) {
    if (!error) return <KeyPageSkeleton {...place} />
    return (
      <KeyFailure
        {...place}
        error={error}
        retrying={apiKey.isFetching || deployment.isFetching}
        onRetry={() => void Promise.all([apiKey.refetch(), deployment.refetch()])}
      />
    )
  }
  return (
    <>
      {error && (
        <InlineMessage tone="warn" className="mb-4">
          This page isn’t up to date. {error.message}
        </InlineMessage>
      )}
      <ApiKeyPage
        deployment={deployment.data}
        apiKey={apiKey.data}
        now={apiKey.dataUpdatedAt}
        days={days}
      />
    </>
  )
}

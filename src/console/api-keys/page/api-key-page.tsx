import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { DEFAULT_DAYS, validateKeyPageSearch } from '../data/key-page-search.ts'
import { keyQuery } from '../data/key-queries.ts'
import { KeyDetails } from './key-details.tsx'
import { KeyFailure, KeyPageSkeleton, NoSuchKey } from './key-page-states.tsx'

/** The page of one API key, or its place while it loads, after an error, and if there is none. */
export function ApiKeyPage({
  deploymentId,
  appId,
  deployment,
}: {
  deploymentId: string
  appId: string
  /** The query of the key's deployment. */
  deployment: UseQueryResult<Deployment, ApiError>
}) {
  const { days = DEFAULT_DAYS } = validateKeyPageSearch(useSearch({ strict: false }))
  const apiKey = useQuery(keyQuery({ deploymentId, appId }))
  const place = { deployment: deployment.data ?? { id: deploymentId, name: deploymentId }, appId }
  // A poll finds out that the key was deleted; its last answer is still cached.
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
      <KeyDetails
        deployment={deployment.data}
        apiKey={apiKey.data}
        now={apiKey.dataUpdatedAt}
        days={days}
      />
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ApiKeyPage } from '../api-keys/page/api-key-page.tsx'
import { deploymentQuery, NoSuchDeployment } from '../deployments/overview/overview.tsx'

const route = getRouteApi('/deployments/$deploymentId/api-keys/$appId')

/** The page of one API key, at its own address. */
export function KeyPage() {
  const { deploymentId, appId } = route.useParams()
  const deployment = useQuery(deploymentQuery(deploymentId))
  if (deployment.error?.isNotFound) return <NoSuchDeployment />
  return (
    <ApiKeyPage
      key={`${deploymentId} ${appId}`}
      deploymentId={deploymentId}
      appId={appId}
      deployment={deployment}
    />
  )
}

import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { searchText } from '../../page/search-text.ts'
import { statusLooks } from '../parts/status.ts'

/** What of the Deployments page stands in the URL. */
export type DeploymentSearch = { search?: string }

const SEARCH_MAX = 200

/** Reads the page's search parameters; what doesn't make sense falls back to the default. */
export function validateDeploymentSearch(input: Record<string, unknown>): DeploymentSearch {
  const search = searchText(input['search']).slice(0, SEARCH_MAX)
  return search === '' ? {} : { search }
}

/** The deployments that have every word of the search in name, plan, version, status or region. */
export function findDeployments(
  deployments: readonly Deployment[],
  search: string,
): readonly Deployment[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return deployments.filter((deployment) => {
    const { name, version, status, region } = deployment
    const text = [name, planRules(deployment).label, version, statusLooks[status].label, region]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
} from '@tanstack/react-router'
import { validateApiKeySearch } from './api-keys/search-params.ts'
import { keyListQuery } from './api-keys/table/use-key-list.ts'
import { apiQuery } from './api/query.ts'
import { DeploymentsPage, deploymentsQuery } from './deployments/deployments-page.tsx'
import { figuresQuery } from './deployments/live-figures.tsx'
import { deploymentQuery } from './deployments/overview.tsx'
import { validateDeploymentSearch } from './deployments/search-params.ts'
import { OverviewPage } from './pages/overview-page.tsx'
import { BrokenPage, NotFoundPage } from './shell/dead-ends.tsx'
import { Shell } from './shell/shell.tsx'

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Shell })

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => redirect({ to: '/deployments', replace: true, throw: true }),
})

// Loaders start what a page will ask for; the page itself shows what is on its way or failed.
const deploymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deployments',
  validateSearch: validateDeploymentSearch,
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(deploymentsQuery)
  },
  component: DeploymentsPage,
})

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deployments/$deploymentId',
  validateSearch: validateApiKeySearch,
  loader: ({ context: { queryClient }, params: { deploymentId }, location }) => {
    const keySearch = validateApiKeySearch(location.search)
    void queryClient.prefetchQuery(deploymentQuery(deploymentId))
    void queryClient.prefetchQuery(figuresQuery(deploymentId))
    void queryClient.prefetchQuery(apiQuery('getCatalog', { params: { deploymentId } }))
    void queryClient.prefetchInfiniteQuery(keyListQuery(deploymentId, keySearch))
  },
  component: OverviewPage,
})

/** The console's pages and their addresses. */
export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([homeRoute, deploymentsRoute, overviewRoute]),
    basepath: import.meta.env.BASE_URL,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  useMatch,
} from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { may, type Permission } from '../contract/accounts/roles.ts'
import { validateActivitySearch } from './activity/search-params.ts'
import { activityQuery } from './activity/use-activity.ts'
import { keyHealthQuery } from './api-keys/data/key-health-query.ts'
import { keyListQuery } from './api-keys/data/key-list-query.ts'
import { validateApiKeySearch } from './api-keys/data/key-list-search.ts'
import { DEFAULT_DAYS, validateKeyPageSearch } from './api-keys/data/key-page-search.ts'
import { keyQuery, refusedCallsQuery, usageQuery } from './api-keys/data/key-queries.ts'
import { toApiError } from './api/api-error.ts'
import { apiQuery } from './api/query.ts'
import { validateDeploymentSearch } from './deployments/list/search-params.ts'
import { figuresQuery } from './deployments/overview/live-figures.tsx'
import { deploymentQuery } from './deployments/overview/overview.tsx'
import { refusedCredentialsQuery } from './deployments/overview/refused-credentials-query.ts'
import { deploymentsQuery } from './deployments/parts/deployments-query.ts'
import { BrokenPage, NotFoundPage } from './page/error-pages.tsx'
import { lazyPage } from './page/lazy-page.tsx'
import { useRouteFocus } from './page/use-route-focus.ts'
import { OverviewPage } from './pages/overview-page.tsx'
import { validateSignInSearch } from './session/search-params.ts'
import { sessionQuery, signInOptionsQuery } from './session/session-query.ts'
import { Shell } from './shell/shell.tsx'
import { Toasts } from './ui/overlays/toast.tsx'

const SIGN_IN = '/sign-in'

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Frame,
  // Who is signed in is known before anything shows, or why that isn't known.
  async beforeLoad({ context: { queryClient }, location }) {
    const isSignIn = location.pathname === SIGN_IN
    try {
      await queryClient.ensureQueryData(sessionQuery)
    } catch (thrown) {
      if (!isSignIn && toApiError(thrown).isSignedOut) {
        const { next } = validateSignInSearch({ next: location.href })
        redirect({
          to: SIGN_IN,
          search: next === undefined ? {} : { next },
          replace: true,
          throw: true,
        })
      }
      return
    }
    if (isSignIn) {
      const { next } = validateSignInSearch(location.search)
      redirect({ href: next ?? '/deployments', replace: true, throw: true })
    }
  },
})

function Frame() {
  useRouteFocus()
  const isSignIn = useMatch({ from: SIGN_IN, shouldThrow: false }) !== undefined
  // In slices, which the router's own update isn't: nothing is on screen that could wait for it.
  const isBegun = useDeferredValue(true, false)
  if (!isBegun) return null
  return (
    <>
      {isSignIn ? <Outlet /> : <Shell />}
      <Toasts />
    </>
  )
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: SIGN_IN,
  validateSearch: validateSignInSearch,
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(signInOptionsQuery)
  },
  component: lazyPage(async () => (await import('./session/sign-in-page.tsx')).SignInPage),
})

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
  component: lazyPage(
    async () => (await import('./deployments/list/deployments-page.tsx')).DeploymentsPage,
  ),
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
    void queryClient.prefetchQuery(keyHealthQuery(deploymentId))
    void queryClient.prefetchQuery(refusedCredentialsQuery(deploymentId))
    void queryClient.prefetchInfiniteQuery(keyListQuery(deploymentId, keySearch))
  },
  component: OverviewPage,
})

const keyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deployments/$deploymentId/api-keys/$appId',
  validateSearch: validateKeyPageSearch,
  loader: ({ context: { queryClient }, params, location }) => {
    const { days = DEFAULT_DAYS } = validateKeyPageSearch(location.search)
    const { deploymentId } = params
    void queryClient.prefetchQuery(deploymentQuery(deploymentId))
    void queryClient.prefetchQuery(keyQuery(params))
    void queryClient.prefetchQuery(usageQuery(params, days))
    void queryClient.prefetchQuery(refusedCallsQuery(params))
    void queryClient.prefetchQuery(apiQuery('getCatalog', { params: { deploymentId } }))
  },
  component: lazyPage(async () => (await import('./pages/key-page.tsx')).KeyPage),
})

const activityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/activity',
  validateSearch: validateActivitySearch,
  loader: ({ context: { queryClient }, location }) => {
    const search = validateActivitySearch(location.search)
    void queryClient.prefetchInfiniteQuery(activityQuery(search))
    void queryClient.prefetchQuery(deploymentsQuery)
  },
  component: lazyPage(async () => (await import('./activity/activity-page.tsx')).ActivityPage),
})

const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/users',
  loader: ({ context: { queryClient } }) => {
    if (isAllowed(queryClient, 'users.manage')) {
      void queryClient.prefetchQuery(apiQuery('listUsers', {}))
    }
  },
  component: lazyPage(async () => (await import('./users/users-page.tsx')).UsersPage),
})

const tokensRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tokens',
  loader: ({ context: { queryClient } }) => {
    if (isAllowed(queryClient, 'tokens.manage')) {
      void queryClient.prefetchQuery(apiQuery('listTokens', {}))
    }
  },
  component: lazyPage(async () => (await import('./tokens/tokens-page.tsx')).TokensPage),
})

// A refusal goes on record, so what is bound to be refused isn't asked.
function isAllowed(queryClient: QueryClient, permission: Permission): boolean {
  const role = queryClient.getQueryData(sessionQuery.queryKey)?.role
  return role !== undefined && may(role, permission)
}

/** The console's pages and their addresses. */
export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      signInRoute,
      homeRoute,
      deploymentsRoute,
      overviewRoute,
      keyRoute,
      activityRoute,
      usersRoute,
      tokensRoute,
    ]),
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

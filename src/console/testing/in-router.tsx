import {
  createBrowserHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Puts what is tested where links lead somewhere and leaving the page can be asked about. */
export function inRouter(ui: ReactNode): ReactNode {
  const history = createBrowserHistory()
  const router = createRouter({ routeTree: createRootRoute(), history })
  return <RouterContextProvider router={router}>{ui}</RouterContextProvider>
}

/** Whether the browser asks before this page is loaded again or closed. */
export function asksBeforeUnload(): boolean {
  return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
}

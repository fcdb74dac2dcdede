import {
  createBrowserHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A router over the document's history, with a route that shows nothing. */
export function createTestRouter() {
  return createRouter({ routeTree: createRootRoute(), history: createBrowserHistory() })
}

/** Gives links and navigation blockers under test a router. */
export function inRouter(ui: ReactNode, router = createTestRouter()): ReactNode {
  return <RouterContextProvider router={router}>{ui}</RouterContextProvider>
}

/** Whether the browser would ask before a reload or before the tab closes. */
export function asksBeforeUnload(): boolean {
  return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
}

import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import type { Role } from '../../contract/accounts/roles.ts'
// The client imports it with its first response; here it is loaded before anything is timed.
import '../api/check-answer.ts'
import { createQueryClient } from '../api/query.ts'
import { sessionQuery } from '../session/session-query.ts'
import { sessionAs } from './fixtures.ts'
import { createTestRouter, inRouter } from './in-router.tsx'

/** A query client and a wrapper with it and a router, for `renderHook` and `render`. */
export function consoleWrapper(role?: Role): {
  client: QueryClient
  wrapper: (props: { children: ReactNode }) => ReactNode
} {
  const client = createQueryClient()
  const router = createTestRouter()
  if (role) client.setQueryData(sessionQuery.queryKey, sessionAs(role))
  return {
    client,
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>{inRouter(children, router)}</QueryClientProvider>
    ),
  }
}

/** Renders a part of the console for a user with this role. */
export function renderConsole(ui: ReactNode, role: Role = 'administrator') {
  const { client, wrapper } = consoleWrapper(role)
  return { client, ...render(ui, { wrapper }) }
}

import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import type { Deployment } from '../../contract/deployments/schemas.ts'
// The client fetches it with its first answer; here it is waited for before anything is timed.
import '../api/check-answer.ts'
import { createQueryClient } from '../api/query.ts'
import { sessionQuery } from '../session/session-query.ts'
import { sessionAs } from '../session/testing.ts'
import { inRouter } from '../testing/in-router.tsx'

/** What the tests of this folder share: a deployment as it is first seen. */
export const deployment: Deployment = {
  id: 'plant',
  name: 'plant',
  plan: 'dedicated',
  version: 'v5',
  backend: { kind: 'embedded' },
  status: 'running',
  startedAt: null,
  region: null,
  apiBaseUrl: 'http://localhost/plant/api/v5',
  connection: { host: 'localhost', listeners: [] },
  sessions: null,
  apiKeyCount: 0,
  lastApiCallAt: null,
  createdAt: '2026-11-23T12:00:00.000Z',
  revision: 3,
}

export function renderWithQueries(ui: ReactNode) {
  const client = createQueryClient()
  client.setQueryData(sessionQuery.queryKey, sessionAs('administrator'))
  return render(<QueryClientProvider client={client}>{inRouter(ui)}</QueryClientProvider>)
}

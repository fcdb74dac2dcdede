import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Role } from '../../contract/accounts/roles.ts'
import type { CatalogAnswer } from '../../contract/catalog/schemas.ts'
import type { Deployment } from '../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../contract/keys/schemas.ts'
import type { Usage } from '../../contract/usage/schemas.ts'
// The client imports it with its first response; imported here so that no test waits for it.
import '../api/check-answer.ts'
import { createQueryClient } from '../api/query.ts'
import { sessionQuery } from '../session/session-query.ts'
import { sessionAs } from '../testing/fixtures.ts'
import { inRouter } from '../testing/in-router.tsx'
import { toCatalogView } from './data/catalog-view.ts'

/** A deployment for tests. */
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
  apiKeyCount: 1,
  lastApiCallAt: null,
  createdAt: '2026-11-23T12:00:00.000Z',
  revision: 3,
}

type ListedOperation = CatalogAnswer['categories'][number]['operations'][number]

const clients: ListedOperation[] = [
  { id: 'GET /clients', method: 'GET', path: '/clients', summary: 'List clients', supported: true },
  {
    id: 'GET /clients/{clientid}',
    method: 'GET',
    path: '/clients/{clientid}',
    summary: 'Show a client',
    supported: true,
  },
  {
    id: 'DELETE /clients/{clientid}',
    method: 'DELETE',
    path: '/clients/{clientid}',
    summary: 'Disconnect a client',
    risk: 'Can cut off any client.',
    supported: true,
  },
  {
    id: 'GET /clients/{clientid}/mqueue_messages',
    method: 'GET',
    path: '/clients/{clientid}/mqueue_messages',
    summary: 'List queued messages',
    supported: false,
  },
]

const rules: ListedOperation[] = [
  { id: 'GET /rules', method: 'GET', path: '/rules', summary: 'List rules', supported: false },
  {
    id: 'PUT /rules/{id}',
    method: 'PUT',
    path: '/rules/{id}',
    summary: 'Update a rule',
    risk: 'Can run code on every message.',
    supported: false,
  },
]

/** A small catalog of two categories. */
export const catalog = toCatalogView({
  categories: [
    { name: 'Clients', operations: clients },
    { name: 'Rules', operations: rules },
  ],
})

/** A key of that deployment. */
export const apiKey: ApiKey = {
  appId: 'k4f1c09ae2b7',
  note: 'Grafana scrape',
  access: { mode: 'list', operations: ['GET /clients', 'GET /rules'] },
  legacy: false,
  createdAt: '2026-11-23T12:00:00.000Z',
  status: 'active',
  expiresAt: null,
  allowedAddresses: [],
  lastUse: { kind: 'never' },
  oldSecret: null,
  version: 4,
}

/** A usage record of 60 days, without any use unless given. */
export function usageWith(usage: Partial<Usage> = {}): Usage {
  return {
    recordedSince: new Date(Date.now() - 60.5 * 86_400_000).toISOString(),
    span: 'day',
    calls: [],
    operations: [],
    addresses: [],
    ...usage,
  }
}

type Send = (url: string, init: RequestInit) => Promise<Response>

/**
 * Replaces `fetch` in each test of a file. Usage is answered by `usage`, which tests may set; what
 * else is called goes to `send`, whose next answers are set by `answer`. Unmounts after each test.
 */
export function stubApi() {
  const send = vi.fn<Send>()
  const api = {
    send,
    usage: usageWith(),
    answer: (status: number, body?: unknown): void => {
      send.mockImplementationOnce(() =>
        Promise.resolve(
          status === 204 ? new Response(null, { status }) : Response.json(body, { status }),
        ),
      )
    },
    /** The body of the first call. */
    sent: (): unknown => {
      const body = send.mock.calls[0]?.[1].body
      return typeof body === 'string' ? JSON.parse(body) : undefined
    },
  }
  beforeEach(() => {
    send.mockReset()
    api.usage = usageWith()
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      url.includes('/usage') ? Promise.resolve(Response.json(api.usage)) : send(url, init),
    )
  })
  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })
  return api
}

export const appSecret = `lks_${'aB3z'.repeat(10)}`

/** Renders with a router, a query client and someone signed in. */
export function renderWithQueries(ui: ReactNode, role: Role = 'administrator') {
  const client = createQueryClient()
  client.setQueryData(sessionQuery.queryKey, sessionAs(role))
  const view = render(<QueryClientProvider client={client}>{inRouter(ui)}</QueryClientProvider>)
  return { client, ...view }
}

/** A problem response (RFC 9457). */
export function problem(
  status: number,
  detail: string,
  errors?: { field: string; detail: string }[],
) {
  return { type: 'about:blank', title: 'No', status, detail, ...(errors && { errors }) }
}

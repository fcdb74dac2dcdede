import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import { render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
// The client fetches it with its first answer; here it is waited for before anything is timed.
import '../../../api/check-answer.ts'
import { createQueryClient } from '../../../api/query.ts'
import type { UsageDays } from '../../data/key-page-search.ts'
import { apiKey, usageWith } from '../../testing.tsx'
import { UsageSection } from './usage-section.tsx'

const start = '2026-11-23T00:00:00.000Z'
const usageOf = (allowed: number) =>
  Response.json(usageWith({ calls: [{ start, allowed, refused: 0, failed: 0 }] }))

afterEach(() => vi.unstubAllGlobals())

test('the calls of other days keep saying which until the chosen ones are there', async () => {
  const slow = Promise.withResolvers<Response>()
  vi.stubGlobal('fetch', (url: string) =>
    url.includes('days=90') ? slow.promise : Promise.resolve(usageOf(7)),
  )
  const client = createQueryClient()
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })
  const page = (days: UsageDays) => (
    <QueryClientProvider client={client}>
      <RouterContextProvider router={router}>
        <UsageSection deploymentId="plant" apiKey={apiKey} days={days} />
      </RouterContextProvider>
    </QueryClientProvider>
  )
  const { rerender } = render(page(7))
  const label = await screen.findByText('The last 7 days')
  expect(label.closest('[aria-busy]')).toBeNull()

  rerender(page(90))
  expect(label.textContent).toBe('The last 7 days')
  expect(label.closest('[aria-busy]')).not.toBeNull()

  slow.resolve(usageOf(90))
  await screen.findByText('The last 90 days')
  expect(screen.getByText('90', { selector: 'span' })).toBeTruthy()
  expect(label.closest('[aria-busy]')).toBeNull()
})

import { act, renderHook, waitFor } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { consoleWrapper } from '../testing/render-console.tsx'
import { dismissToast, toasts } from '../ui/overlays/toast-store.ts'
import { useApiMutation } from './mutation.ts'
import { noteSessionState } from './session-state.ts'

const created = {
  apiKey: {
    appId: 'k0123456789a',
    note: '',
    access: { mode: 'full' },
    legacy: false,
    createdAt: '2026-11-23T12:00:00.000Z',
    status: 'active',
    expiresAt: null,
    allowedAddresses: [],
    lastUse: { kind: 'never' },
    oldSecret: null,
    version: 1,
  },
  appSecret: 'lks_secret',
}
const problem = { type: 'about:blank', title: 'No', status: 500, detail: 'The store is full.' }
const input = { params: { deploymentId: 'plant' }, body: {} }

function setUp(status: number, body: unknown) {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(body, { status })))
  return consoleWrapper()
}

beforeEach(() => {
  for (const { id } of toasts()) dismissToast(id)
})

test('keeps no secret in a cache once its component is gone', async () => {
  const { client, wrapper } = setUp(201, created)
  const { result, unmount } = renderHook(
    () => useApiMutation('createApiKey', { errorIn: 'dialog', invalidates: ['listApiKeys'] }),
    { wrapper },
  )
  await act(() => result.current.mutateAsync(input))
  unmount()
  await waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]))
  expect(client.getQueryCache().getAll()).toEqual([])
})

test('outdates the named queries', async () => {
  const { client, wrapper } = setUp(201, created)
  const key = ['listApiKeys', { params: input.params }]
  client.setQueryData(key, { items: [] })
  const { result } = renderHook(
    () => useApiMutation('createApiKey', { errorIn: 'dialog', invalidates: ['listApiKeys'] }),
    { wrapper },
  )
  await act(() => result.current.mutateAsync(input))
  expect(client.getQueryState(key)?.isInvalidated).toBe(true)
})

test.each([
  [404, true],
  [412, true],
  [422, false],
])('a refusal with %i outdates them: %s', async (status, outdated) => {
  const { client, wrapper } = setUp(status, { ...problem, status })
  const key = ['listApiKeys', { params: input.params }]
  client.setQueryData(key, { items: [] })
  const { result } = renderHook(
    () => useApiMutation('createApiKey', { errorIn: 'dialog', invalidates: ['listApiKeys'] }),
    { wrapper },
  )
  await act(() => result.current.mutateAsync(input).catch(() => undefined))
  expect(client.getQueryState(key)?.isInvalidated).toBe(outdated)
})

test('a refusal for the role asks anew who is signed in', async () => {
  const { client, wrapper } = setUp(403, { ...problem, status: 403 })
  client.setQueryData(['getSession', {}], {})
  const { result } = renderHook(
    () => useApiMutation('createApiKey', { errorIn: 'dialog', invalidates: [] }),
    { wrapper },
  )
  await act(() => result.current.mutateAsync(input).catch(() => undefined))
  expect(client.getQueryState(['getSession', {}])?.isInvalidated).toBe(true)
})

test('forgets a refusal for want of a session once there is one again', async () => {
  const { wrapper } = setUp(401, { ...problem, status: 401, detail: 'Sign in to go on.' })
  const { result } = renderHook(
    () => useApiMutation('createApiKey', { errorIn: 'form', invalidates: [] }),
    { wrapper },
  )
  await act(() => result.current.mutateAsync(input).catch(() => undefined))
  await waitFor(() => expect(result.current.error?.message).toBe('Sign in to go on.'))
  act(() => noteSessionState('createSession', new Response()))
  await waitFor(() => expect(result.current.error).toBeNull())
})

test('shows an error in one place alone', async () => {
  const { wrapper } = setUp(500, problem)
  const { result } = renderHook(
    () => ({
      inDialog: useApiMutation('createApiKey', { errorIn: 'dialog', invalidates: [] }),
      asToast: useApiMutation('createApiKey', {
        errorIn: 'toast',
        errorTitle: 'No API key was made.',
        invalidates: [],
      }),
    }),
    { wrapper },
  )
  await act(() => result.current.inDialog.mutateAsync(input).catch(() => undefined))
  await waitFor(() => {
    expect(result.current.inDialog.error?.message).toBe('The store is full.')
  })
  expect(toasts()).toEqual([])
  await act(() => result.current.asToast.mutateAsync(input).catch(() => undefined))
  expect(toasts().map(({ text }) => text)).toEqual(['No API key was made. The store is full.'])
})

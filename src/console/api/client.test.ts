import { afterEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from './api-error.ts'
import { callApi, routeUrl } from './client.ts'

const params = { deploymentId: 'plant-telemetry' }

function answer(response: Response | Error) {
  const send = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
  )
  vi.stubGlobal('fetch', send)
  return send
}

function json(body: unknown, status = 200, type = 'application/json') {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })
}

async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error(`not an ApiError: ${String(error)}`)
  return error
}

afterEach(() => vi.unstubAllGlobals())

describe('routeUrl', () => {
  test('fills in the template and encodes each parameter', () => {
    expect(routeUrl('getApiKey', { params: { deploymentId: 'a/b ?', appId: 'k1%2F' } })).toBe(
      '/api/v1/deployments/a%2Fb%20%3F/api-keys/k1%252F',
    )
  })

  test('adds the query and leaves out what is undefined', () => {
    const query = { search: 'a & b', access: undefined, limit: 50 }
    expect(routeUrl('listApiKeys', { params, query })).toBe(
      '/api/v1/deployments/plant-telemetry/api-keys?search=a+%26+b&limit=50',
    )
  })

  test('refuses to make an address with a gap', () => {
    expect(() => routeUrl('getApiKey', { params })).toThrow('getApiKey needs appId')
  })
})

describe('callApi', () => {
  test('carries the version as If-Match, the body as JSON', async () => {
    const send = answer(new Response(null, { status: 204 }))
    await callApi('deleteDeployment', { params, ifMatch: 3 })
    expect(send.mock.calls[0]?.[1]).toMatchObject({
      method: 'DELETE',
      body: null,
      headers: { 'If-Match': '"3"' },
    })
    const patch = answer(json({ title: 'x', detail: 'Stale.' }, 412))
    await failure(callApi('updateDeployment', { params, ifMatch: 4, body: { name: 'north' } }))
    expect(patch.mock.calls[0]?.[1]).toMatchObject({
      method: 'PATCH',
      body: '{"name":"north"}',
      headers: { 'If-Match': '"4"', 'Content-Type': 'application/json' },
    })
  })

  test('reads problem details with their field errors', async () => {
    answer(
      json(
        {
          type: 'about:blank',
          title: 'Some fields need a change',
          status: 422,
          detail: 'Nothing was saved.',
          errors: [{ field: 'backend.url', detail: 'Nothing listens there.' }, { field: 3 }],
        },
        422,
        'application/problem+json',
      ),
    )
    const error = await failure(callApi('getDeployment', { params }))
    expect(error).toMatchObject({ status: 422, message: 'Nothing was saved.' })
    expect(error.fieldErrors).toEqual([{ field: 'backend.url', detail: 'Nothing listens there.' }])
  })

  test('says so when something else answered in between', async () => {
    answer(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    const error = await failure(callApi('listDeployments', {}))
    expect(error).toMatchObject({ status: 502 })
    expect(error.message).toContain('Something between this page and Latchkey')
  })

  test('says so when the answer isn’t JSON', async () => {
    answer(new Response('<!doctype html>', { status: 200 }))
    expect((await failure(callApi('listDeployments', {}))).message).toContain(
      'isn’t Latchkey’s API',
    )
  })

  test('says so when nothing answers', async () => {
    answer(new TypeError('Failed to fetch'))
    const error = await failure(callApi('listDeployments', {}))
    expect(error).toMatchObject({ status: 0 })
    expect(error.message).toContain('can’t be reached')
  })

  test('hands an abort on as it is', async () => {
    const abort = new AbortController()
    answer(new DOMException('gone', 'AbortError'))
    abort.abort()
    await expect(callApi('listDeployments', {}, abort.signal)).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  test('refuses an answer that breaks the contract, in development and tests', async () => {
    answer(json({ items: [{ id: 'x' }], nextCursor: null }))
    await expect(callApi('listDeployments', {})).rejects.toThrow(/name/)
  })

  test('refuses a status that the contract doesn’t know', async () => {
    answer(json({}, 202))
    await expect(callApi('getCatalog', { params })).rejects.toThrow(/202/)
  })
})

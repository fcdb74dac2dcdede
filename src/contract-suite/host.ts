import assert from 'node:assert/strict'
import { z, type RouteConfig } from '@hono/zod-openapi'
import { type Deployment, deploymentListSchema } from '../contract/deployments/schemas.ts'
import { MANAGEMENT_BASE } from '../contract/http/base-path.ts'
import { problemSchema } from '../contract/http/schema-parts.ts'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import { type CreatedApiKey, createdApiKeySchema } from '../contract/keys/schemas.ts'
import { routes, type RouteName } from '../contract/routes.ts'

export type Answer = { status: number; headers: Record<string, string>; text: string }
export type Sent = { headers?: Record<string, string>; body?: string }

/**
 * A running Latchkey with the five sample deployments: a server over HTTP, the demo through a page,
 * or the code in this process.
 */
export type Host = {
  /**
   * Sends a request to a path such as `/api/v1/deployments`: as an administrator, unless it has an
   * Authorization header.
   */
  send(method: string, path: string, sent?: Sent): Promise<Answer>
}

/** A host whose records of use can be waited for. */
export type RecordingHost = Host & {
  /** Resolves once the API's usage includes all calls until now. */
  settle(): Promise<void>
}

export type ContractCase = { name: string; run: (host: RecordingHost) => Promise<void> }

type Call = {
  params?: Record<string, string>
  query?: string
  json?: unknown
  headers?: Record<string, string>
}

/** Calls a route by name and checks that the response conforms to its declaration. */
export async function call(host: Host, name: RouteName, sent: Call = {}): Promise<Answer> {
  const answer = await host.send(
    routes[name].method.toUpperCase(),
    `${MANAGEMENT_BASE}${filledPath(name, sent.params)}${sent.query ?? ''}`,
    {
      headers: {
        ...(sent.json !== undefined && { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      ...(sent.json !== undefined && { body: JSON.stringify(sent.json) }),
    },
  )
  checkConforms(name, answer)
  return answer
}

/** The path of a route with its parameters filled in, below the base. */
export function filledPath(name: RouteName, params: Record<string, string> = {}): string {
  return routes[name].path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    return encodeURIComponent(params[key] ?? '')
  })
}

function checkConforms(name: RouteName, answer: Answer): void {
  assert.equal(answer.headers['cache-control'], 'no-store', `${name} may be cached`)
  if (answer.status >= 400) {
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.equal(problemSchema.parse(JSON.parse(answer.text)).status, answer.status)
    return
  }
  const responses: RouteConfig['responses'] = routes[name].responses
  const promised = responses[answer.status]
  assert.ok(promised, `${name} answered ${answer.status}, which it doesn't promise`)
  const type = answer.headers['content-type']?.split(';')[0] ?? ''
  if (answer.text !== '') {
    assert.ok('content' in promised && promised.content?.[type], `${name} answered ${type}`)
  }
  const media = 'content' in promised && promised.content?.['application/json']
  const schema = media && 'schema' in media && media.schema
  if (schema instanceof z.ZodType) schema.parse(JSON.parse(answer.text))
}

/** The fields that a problem answer names. */
export function badFields(answer: Answer): string[] {
  return (problemSchema.parse(JSON.parse(answer.text)).errors ?? []).map(({ field }) => field)
}

export async function findDeployment(
  host: Host,
  plan: Deployment['plan'],
  version: Deployment['version'] = 'v5',
): Promise<Deployment> {
  const { text } = await call(host, 'listDeployments')
  const { items } = deploymentListSchema.parse(JSON.parse(text))
  const found = items.find((one) => one.plan === plan && one.version === version)
  assert.ok(found, `there is no ${plan} ${version} sample`)
  return found
}

export async function createKey(
  host: Host,
  deployment: Deployment,
  json: unknown,
): Promise<CreatedApiKey> {
  const params = { deploymentId: deployment.id }
  const answer = await call(host, 'createApiKey', { params, json })
  assert.equal(answer.status, 201, answer.text)
  return createdApiKeySchema.parse(JSON.parse(answer.text))
}

/** Calls the Deployment API through the gateway with a key's credentials. */
export async function callDeployment(
  host: Host,
  deployment: Deployment,
  operation: string,
  { apiKey, appSecret }: CreatedApiKey,
  json?: unknown,
): Promise<Answer> {
  const [method = '', path = ''] = operation.split(' ')
  const { pathname } = new URL(deployment.apiBaseUrl)
  return host.send(method, `${pathname}${path}`, {
    headers: {
      authorization: basicAuthorization(apiKey.appId, appSecret),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
}

const PATIENCE = { tries: 150, pause: 100 }

/** Polls until it is so; fails after {@link PATIENCE}. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < PATIENCE.tries; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, PATIENCE.pause))
  }
  assert.fail('it did not come to be')
}

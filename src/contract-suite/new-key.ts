import assert from 'node:assert/strict'
import type { Deployment } from '../contract/deployments/schemas.ts'
import { apiKeySchema, createdApiKeySchema } from '../contract/keys/schemas.ts'
import { call, callDeployment, createKey, type Host } from './host.ts'

export const list = (...operations: string[]) => ({ mode: 'list', operations })

/** A new key that keeps track of its version over changes. */
export async function newKey(host: Host, deployment: Deployment, json: unknown) {
  const created = await createKey(host, deployment, json)
  const params = { deploymentId: deployment.id, appId: created.apiKey.appId }
  const shown = async () => {
    return apiKeySchema.parse(JSON.parse((await call(host, 'getApiKey', { params })).text))
  }
  const atVersion = async (headers: Record<string, string>) => {
    return { 'if-match': `"${(await shown()).version}"`, ...headers }
  }
  return {
    created,
    params,
    shown,
    /** The status of a call with the secret it was made with, or with another. */
    calls: async (operation = 'GET /clients', appSecret = created.appSecret) => {
      const credentials = { ...created, appSecret }
      return (await callDeployment(host, deployment, operation, credentials)).status
    },
    async change(json: unknown, headers: Record<string, string> = {}) {
      return call(host, 'updateApiKey', { params, json, headers: await atVersion(headers) })
    },
    /** Rotates the key and returns the new secret. */
    async rotate(keepOldSecretFor: number) {
      const sent = { params, json: { keepOldSecretFor }, headers: await atVersion({}) }
      const answer = await call(host, 'rotateApiKey', sent)
      assert.equal(answer.status, 200, answer.text)
      return createdApiKeySchema.parse(JSON.parse(answer.text))
    },
    async endOldSecret(headers: Record<string, string> = {}) {
      return call(host, 'endOldSecret', { params, headers: await atVersion(headers) })
    },
    remove: () => call(host, 'deleteApiKey', { params }),
  }
}

import { basicAuthorization } from '../../../../contract/keys/credentials.ts'
import type { CatalogOperation } from '../../data/catalog-view.ts'
import { fillPath, sampleBody } from './sample-operation.ts'

/** A new key's two halves and where they are used. */
export type Credentials = { appId: string; appSecret: string; apiBaseUrl: string }

/** A single-quoted word for POSIX shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** A curl command for one operation; parameters stand in it in capitals, to be filled in. */
export function curlCommand(credentials: Credentials, operation: CatalogOperation): string {
  const { appId, appSecret, apiBaseUrl } = credentials
  const path = fillPath(operation.path, (name) => name.toUpperCase())
  const body = sampleBody(operation)
  // curl reads by itself, and posts by itself when it is given a body.
  const implied = body === undefined ? 'GET' : 'POST'
  const lines = [
    `curl ${quote(`${apiBaseUrl}${path}`)}`,
    ...(operation.method === implied ? [] : [`-X ${operation.method}`]),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quote(body)}`]),
    // Last, since it is the longest: a dialog breaks it, and no backslash is left on its own.
    `-u ${quote(`${appId}:${appSecret}`)}`,
  ]
  return lines.join(' \\\n  ')
}

export function authorizationHeader({ appId, appSecret }: Credentials): string {
  return `Authorization: ${basicAuthorization(appId, appSecret)}`
}

/** Both lines that a client needs, as "Copy and close" takes them. */
export function credentialLines({ appId, appSecret }: Credentials): string {
  return `APP_ID=${appId}\nAPP_SECRET=${appSecret}`
}

export function envFile(credentials: Credentials): string {
  return `API_BASE_URL=${credentials.apiBaseUrl}\n${credentialLines(credentials)}\n`
}

export function jsonFile({ appId, appSecret, apiBaseUrl }: Credentials): string {
  return `${JSON.stringify({ apiBaseUrl, appId, appSecret }, undefined, 2)}\n`
}

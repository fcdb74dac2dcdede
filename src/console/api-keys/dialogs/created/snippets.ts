import { basicAuthorization } from '../../../../contract/keys/credentials.ts'
import type { CatalogOperation } from '../../data/catalog-view.ts'
import { fillPath, sampleBody } from './sample-operation.ts'

/** The credentials of a key, and the URL that they are for. */
export type Credentials = { appId: string; appSecret: string; apiBaseUrl: string }

/** Quotes a word for POSIX shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** A curl command that calls an operation; path parameters are in capitals, to be filled in. */
export function curlCommand(credentials: Credentials, operation: CatalogOperation): string {
  const { appId, appSecret, apiBaseUrl } = credentials
  const path = fillPath(operation.path, (name) => name.toUpperCase())
  const body = sampleBody(operation)
  // curl's default method: GET, or POST with a body.
  const implied = body === undefined ? 'GET' : 'POST'
  const lines = [
    `curl ${quote(`${apiBaseUrl}${path}`)}`,
    ...(operation.method === implied ? [] : [`-X ${operation.method}`]),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quote(body)}`]),
    // Last, since it is so long that it wraps: a backslash after it would wrap to its own line.
    `-u ${quote(`${appId}:${appSecret}`)}`,
  ]
  return lines.join(' \\\n  ')
}

/** The header of HTTP Basic authentication. */
export function authorizationHeader({ appId, appSecret }: Credentials): string {
  return `Authorization: ${basicAuthorization(appId, appSecret)}`
}

/** The two lines that "Copy and close" copies. */
export function credentialLines({ appId, appSecret }: Credentials): string {
  return `APP_ID=${appId}\nAPP_SECRET=${appSecret}`
}

/** The content of a `.env` file. */
export function envFile(credentials: Credentials): string {
  return `API_BASE_URL=${credentials.apiBaseUrl}\n${credentialLines(credentials)}\n`
}

/** The content of a JSON file. */
export function jsonFile({ appId, appSecret, apiBaseUrl }: Credentials): string {
  return `${JSON.stringify({ apiBaseUrl, appId, appSecret }, undefined, 2)}\n`
}

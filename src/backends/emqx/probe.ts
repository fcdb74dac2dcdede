import type { Version } from '../../contract/deployments/plans.ts'
import type { FieldError } from '../../contract/http/problem.ts'
import { HttpClientError } from '../../http-client/http-client-error.ts'
import { readStatus, UnexpectedAnswer } from './emqx-stats.ts'
import {
  codeOf,
  EmqxConnection,
  isTimeout,
  type EmqxEndpoint,
  type EmqxTimeouts,
} from './endpoint.ts'

/**
 * Tries an EMQX before it is saved: reached, of this version, and the API key accepted.
 *
 * @returns what is wrong, by field of the endpoint; empty when nothing is
 */
export async function probeEmqx(
  endpoint: EmqxEndpoint,
  version: Version,
  timeouts: EmqxTimeouts,
): Promise<FieldError[]> {
  const connection = new EmqxConnection(endpoint, version, timeouts)
  try {
    const signal = AbortSignal.timeout(timeouts.connect + timeouts.reading)
    await readStatus(connection, version, () => new Date(0), signal)
    return []
  } catch (error) {
    return [faultOf(error, connection)]
  } finally {
    await connection.close()
  }
}

function faultOf(error: unknown, { url, basePath }: EmqxConnection): FieldError {
  const address = (detail: string): FieldError => ({ field: 'url', detail })
  if (error instanceof UnexpectedAnswer) {
    if (error.status === 401) {
      return { field: 'keyId', detail: 'EMQX refuses this API key or its secret.' }
    }
    if (error.status === 403) {
      const detail =
        'EMQX knows this API key but lets it read nothing. Give it the role of an administrator.'
      return { field: 'keyId', detail }
    }
    const redirects = error.status >= 300 && error.status < 400
    if (redirects) return address('This address redirects. Give the address that it leads to.')
    return address(
      `No EMQX API of this version answers at ${basePath}. Check the address, the port and the version.`,
    )
  }
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return address(`The name ${url.hostname} can't be resolved. Check its spelling.`)
  }
  if (code === 'ECONNREFUSED') {
    return address(`Nothing listens at ${url.host}. Check the port, and that EMQX runs.`)
  }
  if (isTimeout(error)) {
    return address(`${url.host} didn't answer in time. Check the address and any firewall between.`)
  }
  if (isTlsFault(code)) {
    return address(
      `No trusted TLS connection to ${url.host} (${code}). Check its certificate, or that the port takes https.`,
    )
  }
  // A code of the network says more to whoever runs it; one of ours says the same again.
  const known = error instanceof HttpClientError || code === '' ? '' : ` (${code})`
  return address(
    `${url.host} doesn't answer as a web server does${known}. Check the port, and http or https.`,
  )
}

// Node's names for OpenSSL's verification faults, for its own, and for what isn't TLS at all.
const TLS_FAULT =
  /^ERR_(?:TLS|SSL)_|^EPROTO$|CERT|^UNABLE_TO_(?:GET_ISSUER|VERIFY)|^HOSTNAME_MISMATCH$/

function isTlsFault(code: string): boolean {
  return TLS_FAULT.test(code)
}

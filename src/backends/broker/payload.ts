import { fromBase64 } from '../../contract/bytes.ts'
import { ApiFault } from './fault.ts'

// RFC 4648 section 4, with its padding.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The bytes of a message's payload as it stands in a JSON body. */
export function decodePayload(payload: string, encoding: 'plain' | 'base64'): Uint8Array {
  if (encoding === 'plain') return new TextEncoder().encode(payload)
  if (!BASE64.test(payload)) {
    throw new ApiFault('body', 'The payload is not base64 with its padding.')
  }
  return fromBase64(payload)
}

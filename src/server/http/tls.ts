import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config } from '../config/config.ts'

/** Reads the certificate and its key. Throws {@link ConfigError} if they can't be used. */
export function loadTls(tls: Config['tls']): { cert: Buffer; key: Buffer } | null {
  if (!tls) return null
  const cert = read('TLS_CERT_FILE', tls.certFile)
  const key = read('TLS_KEY_FILE', tls.keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new ConfigError(
      `TLS_CERT_FILE and TLS_KEY_FILE can't be used together. ${errorMessage(error)}.`,
    )
  }
  return { cert, key }
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ConfigError(`${name} can't be ${JSON.stringify(file)}. ${errorMessage(error)}.`)
  }
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

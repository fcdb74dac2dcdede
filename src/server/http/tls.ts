import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { BadSetting, type Config } from '../config/config.ts'

/** Reads the certificate and its key. Throws {@link BadSetting} where they can't be used. */
export function loadTls(tls: Config['tls']): { cert: Buffer; key: Buffer } | null {
  if (!tls) return null
  const cert = read('TLS_CERT_FILE', tls.certFile)
  const key = read('TLS_KEY_FILE', tls.keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new BadSetting(
      `TLS_CERT_FILE and TLS_KEY_FILE can't be used together. ${reasonOf(error)}.`,
    )
  }
  return { cert, key }
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new BadSetting(`${name} can't be ${JSON.stringify(file)}. ${reasonOf(error)}.`)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

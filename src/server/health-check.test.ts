import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newCertificate } from '../../test/harness/certificate.ts'
import { startTestServer } from '../../test/harness/test-server.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-health-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What the check ends with, given the server's settings. */
async function check(settings: Record<string, string>): Promise<unknown> {
  const file = join(import.meta.dirname, 'health-check.ts')
  const env = { ...process.env, ...settings }
  const child = spawn(process.execPath, [file], { env, stdio: 'inherit' })
  const [code]: unknown[] = await once(child, 'exit')
  return code
}

test('tells whether the server of these settings is up, over TLS as well', async () => {
  const { cert, key } = newCertificate()
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }
  for (const environment of [{}, tls]) {
    const server = await startTestServer({ environment })
    const settings = { ...environment, PORT: String(server.port) }
    expect(await check(settings)).toBe(0)
    await server.stop()
    expect(await check(settings)).toBe(1)
  }
})

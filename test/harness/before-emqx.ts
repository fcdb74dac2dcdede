import { startFakeEmqx, type FakeEmqx, type Respond } from '../../src/backends/emqx/fake-emqx.ts'
import { startTestServer, type TestKey, type TestServer } from './test-server.ts'

/** A server with one deployment, which stands for an EMQX that answers as it is told. */
export type ServerBeforeEmqx = {
  emqx: FakeEmqx
  server: TestServer
  /** The path of the deployment's API. */
  base: string
  /** With full access. */
  key: TestKey
  stop(): Promise<void>
}

/** Starts both. The EMQX is asked for its nodes when the deployment is added. */
export async function startBeforeEmqx(respond: Respond): Promise<ServerBeforeEmqx> {
  const emqx = await startFakeEmqx(respond)
  const server = await startTestServer()
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const key = await server.createKey(id, { access: { mode: 'full' } })
  return {
    emqx,
    server,
    base: `/${id}/api/v5`,
    key,
    async stop() {
      await server.stop()
      await emqx.close()
    },
  }
}

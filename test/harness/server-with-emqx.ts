import {
  answerJson,
  startFakeEmqx,
  type FakeEmqx,
  type Respond,
} from '../../src/backends/emqx/fake-emqx.ts'
import { startTestServer, type TestKey, type TestServer } from './test-server.ts'

/** A server with one deployment, connected to a fake EMQX. */
export type ServerWithEmqx = {
  emqx: FakeEmqx
  server: TestServer
  /** Of the deployment. */
  id: string
  /** The path of the deployment's API. */
  base: string
  /** A key with full access. */
  key: TestKey
  /** How the EMQX answers; a test may replace it until the next reset. */
  respond: Respond
  /** Forgets the requests that the EMQX got, and answers like an EMQX that runs. */
  reset(): void
  stop(): Promise<void>
}

/** Answers any request as an EMQX that runs lists its nodes. */
export const answerRunning: Respond = (request, response) => {
  request.resume()
  answerJson(response, [{ node_status: 'running' }])
}

export async function startServerWithEmqx(): Promise<ServerWithEmqx> {
  const emqx = await startFakeEmqx((request, response) => started.respond(request, response))
  const started = { respond: answerRunning }
  const server = await startTestServer()
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const key = await server.createKey(id, { access: { mode: 'full' } })
  return Object.assign(started, {
    emqx,
    server,
    id,
    base: `/${id}/api/v5`,
    key,
    reset() {
      started.respond = answerRunning
      emqx.requests.splice(0)
    },
    async stop() {
      await server.stop()
      await emqx.close()
    },
  })
}

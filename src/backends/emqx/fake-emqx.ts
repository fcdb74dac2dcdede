import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { z } from 'zod'

export type Recorded = {
  method: string
  /** The request target, byte for byte. */
  url: string
  headers: IncomingMessage['headers']
  rawHeaders: string[]
}

export type FakeEmqx = {
  /** Without a path. */
  url: string
  /** Every request's head, in the order in which they came. */
  requests: Recorded[]
  close(): Promise<void>
}

export type Respond = (request: IncomingMessage, response: ServerResponse) => void

/** An HTTP server for tests that records requests and answers as configured. */
export async function startFakeEmqx(respond: Respond): Promise<FakeEmqx> {
  const requests: Recorded[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request
    requests.push({ method, url, headers, rawHeaders })
    respond(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, json: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(json))
}

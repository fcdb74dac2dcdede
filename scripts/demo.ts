import { createServer } from 'node:http'
import sirv from 'sirv'
import { isServerPath } from '../src/demo/host/addresses.ts'
import { ensureBuilt } from './setup/build.ts'

/** Serves the demo as a static web host does; builds it first if its sources changed. */
const HOST = '127.0.0.1'
const port = Number(process.env['PORT'] ?? 4090)

const serveFile = sirv(await ensureBuilt('demo'), {
  brotli: true,
  gzip: true,
  // Unknown paths without an extension are pages of the console.
  single: true,
  setHeaders(response, pathname) {
    const isFingerprinted = pathname.startsWith('/assets/')
    response.setHeader(
      'cache-control',
      isFingerprinted ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
  },
})

const server = createServer((request, response) => {
  const notFound = (text: string): void => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(text)
  }
  const { pathname } = new URL(request.url ?? '/', `http://${HOST}`)
  if (isServerPath(pathname)) {
    notFound("The demo answers inside its page alone. 'npm start' runs one that you can call.\n")
  } else {
    serveFile(request, response, () => notFound('Not found\n'))
  }
})
server.listen(port, HOST, () => {
  process.stdout.write(`The demo is at http://localhost:${port}\n`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.closeAllConnections()
    server.close()
  })
}

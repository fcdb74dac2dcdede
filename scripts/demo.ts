import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { createGzip } from 'node:zlib'
import { isAnsweredPath } from '../src/demo/host/addresses.ts'
import { ensureBuilt } from './setup/build.ts'

/** Serves the demo as a static web host would, built first where its sources changed. */
const HOST = '127.0.0.1'
const port = Number(process.env['PORT'] ?? 4090)

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

const folder = await ensureBuilt('demo')

function fileFor(pathname: string): string | undefined {
  const file = join(folder, normalize(pathname))
  const isFile = file.startsWith(folder) && existsSync(file) && statSync(file).isFile()
  if (isFile) return file
  // A page of the console; anything with an ending is a file that isn't there.
  return extname(pathname) === '' ? join(folder, 'index.html') : undefined
}

function send(file: string, takesGzip: boolean, response: ServerResponse): void {
  const isFingerprinted = file.startsWith(join(folder, 'assets'))
  const isZipped = takesGzip && extname(file) !== '.woff2'
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': isFingerprinted ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(isZipped && { 'content-encoding': 'gzip' }),
  })
  const bytes = createReadStream(file)
  if (isZipped) bytes.pipe(createGzip()).pipe(response)
  else bytes.pipe(response)
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', `http://${HOST}`)
  if (isAnsweredPath(pathname)) {
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end(
      "The demo answers inside its page alone. 'npm start' runs one that you can call.\n",
    )
    return
  }
  const file = fileFor(pathname)
  const takesGzip = String(request.headers['accept-encoding']).includes('gzip')
  if (file) send(file, takesGzip, response)
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n')
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

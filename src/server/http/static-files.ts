import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { PAGE_HEADERS } from './security-headers.ts'

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

type File = {
  type: string
  etag: string
  cacheControl: string
  content: Buffer
  /** Precompressed by the build. */
  gzip: Buffer | undefined
  brotli: Buffer | undefined
}

/**
 * The console's files, held in memory.
 *
 * sirv 3.0 would be the library for this. It streams from disk without handling errors, so a file
 * that a build replaces ends the process, as does the request header `Range: bytes=5-2`.
 */
export type StaticFiles = {
  /** Whether the console was built. */
  readonly isBuilt: boolean
  /** Answers a request, or returns false if there is no such file or page. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): boolean
}

/** Reads a built console. The paths of all of its pages lead to `index.html`. */
export function loadStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, File>()
  for (const path of existsSync(folder) ? filesBelow(folder) : []) {
    const type = MEDIA_TYPES[extname(path)]
    if (type) files.set(`/${path}`, load(join(folder, path), path, type))
  }
  const index = files.get('/index.html')

  return {
    isBuilt: index !== undefined,
    serve(request, response, path) {
      const file = files.get(path) ?? (isNavigation(request) ? index : undefined)
      if (!file || !['GET', 'HEAD'].includes(request.method ?? '')) return false
      send(request, response, file)
      return true
    },
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(sep).includes('.vite'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

function load(location: string, path: string, type: string): File {
  const content = readFileSync(location)
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  // Vite puts a content hash into names below assets/.
  const isHashed = path.startsWith('assets/')
  const cacheControl = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache'
  // Weak: the same for each encoding (RFC 9110 section 8.8.3).
  const etag = `W/"${digest}"`
  const [gzip, brotli] = [readIfThere(`${location}.gz`), readIfThere(`${location}.br`)]
  return { type, etag, cacheControl, content, gzip, brotli }
}

function readIfThere(location: string): Buffer | undefined {
  return existsSync(location) ? readFileSync(location) : undefined
}

/** A browser going to a page, as opposed to a script asking for a file. */
function isNavigation({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').includes('text/html')
}

function send(request: IncomingMessage, response: ServerResponse, file: File): void {
  const headers: OutgoingHttpHeaders = {
    ...PAGE_HEADERS,
    'cache-control': file.cacheControl,
    etag: file.etag,
    vary: 'accept-encoding',
  }
  const known = (request.headers['if-none-match'] ?? '').split(',')
  if (known.some((etag) => etag.trim() === file.etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const [encoding, content] = bestEncoding(request.headers['accept-encoding'] ?? '', file)
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': content.length,
    ...(encoding && { 'content-encoding': encoding }),
  })
  response.end(content)
}

/** Negotiates the encoding (RFC 9110 section 12.5.3). */
function bestEncoding(accepted: string, { content, gzip, brotli }: File): [string, Buffer] {
  if (brotli && takes(accepted, 'br')) return ['br', brotli]
  if (gzip && takes(accepted, 'gzip')) return ['gzip', gzip]
  return ['', content]
}

function takes(accepted: string, coding: string): boolean {
  return accepted.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}

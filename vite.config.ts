import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type Rolldown } from 'vite'
import { routeAddresses } from './src/contract/routes.ts'

const server = process.env['LATCHKEY_SERVER'] ?? 'http://127.0.0.1:4080'

const NEEDED_BY_ALL =
  /node_modules\/(?:react|react-dom|scheduler|use-sync-external-store|@tanstack\/(?:history|query-core|react-query|react-router|react-store|router-core|store))\//

const ENTRY = fileURLToPath(new URL('src/console/main.tsx', import.meta.url))

/**
 * Whether the first page needs a module. These make one file: left to itself, the bundler makes
 * fifty of what later pages need as well, and each costs its way to the server and back.
 */
function isFirstLoad(id: string, modules: Rolldown.ChunkingContext): boolean {
  const needed = new Set([ENTRY])
  for (const one of needed)
    for (const next of modules.getModuleInfo(one)?.importedIds ?? []) needed.add(next)
  return id !== ENTRY && needed.has(id)
}

/** Leaves out the messages that zod has in sixty other languages: nothing tree-shakes them. */
const zodInEnglish: Plugin = {
  name: 'zod-in-english',
  load: {
    filter: { id: /\/zod\/v4\/locales\/index\.js$/ },
    handler: () => "export { default as en } from './en.js'",
  },
}

/** What the demo needs as a site of static files. */
let base = '/'
const staticSite: Plugin = {
  name: 'static-site',
  apply: 'build',
  enforce: 'post',
  configResolved(config) {
    base = config.base
  },
  transformIndexHtml: {
    order: 'post',
    // The console starts the demo before it renders: without this, it would be found late.
    handler(_html, { bundle = {} }) {
      const start = Object.values(bundle).find((one) => one.name === 'start')
      if (start?.type !== 'chunk') throw new Error('the build has no chunk that starts the demo')
      const attrs = { rel: 'modulepreload', href: `${base}${start.fileName}`, crossorigin: true }
      return [{ tag: 'link', attrs, injectTo: 'head' }]
    },
  },
  generateBundle(_options, bundle) {
    const page = bundle['index.html']
    if (page?.type !== 'asset') throw new Error('the build has no index.html')
    // Static hosts answer an unknown path, such as a page of the console, with 404.html.
    this.emitFile({ type: 'asset', fileName: '404.html', source: page.source })
    this.emitFile({ type: 'asset', fileName: 'robots.txt', source: 'User-agent: *\nAllow: /\n' })
  },
}

const COMPRESSIBLE = /\.(?:css|html|js|svg|wasm)$/
// Below this, what compression saves still fits the same packet.
const COMPRESSED_MIN = 1024

/** Compresses files once, at the build, for the server and `npm run demo`. */
const compressedFiles: Plugin = {
  name: 'compressed-files',
  apply: 'build',
  writeBundle({ dir = '.' }, bundle) {
    for (const file of Object.values(bundle)) {
      const content = Buffer.from(file.type === 'chunk' ? file.code : file.source)
      if (!COMPRESSIBLE.test(file.fileName) || content.length < COMPRESSED_MIN) continue
      writeFileSync(join(dir, `${file.fileName}.br`), brotliCompressSync(content))
      writeFileSync(join(dir, `${file.fileName}.gz`), gzipSync(content, { level: 9 }))
    }
  },
}

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), zodInEnglish, mode === 'demo' && staticSite, compressedFiles],
  // The console calls routes by their method and path, and carries no schemas.
  define: { ROUTE_ADDRESSES: JSON.stringify(routeAddresses) },
  build: {
    outDir: mode === 'demo' ? 'dist/demo' : 'dist/console',
    target: 'es2023',
    // The content security policy takes fonts and pictures from this origin alone.
    assetsInlineLimit: 0,
    manifest: mode !== 'demo',
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // What every page needs of others: in one file it is smaller than in many, and a browser
      // that has it keeps it as long as those don't change.
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: NEEDED_BY_ALL },
            { name: (id, modules) => (isFirstLoad(id, modules) ? 'app' : null) },
          ],
        },
      },
    },
  },
  // The demo's worker: its place decides which addresses it answers.
  worker: {
    plugins: () => [zodInEnglish],
    rolldownOptions: { output: { entryFileNames: '[name].js' } },
  },
  server: {
    // The management API, and each deployment's gateway and WebSocket below its own id.
    proxy: {
      '^/[^/]+/(v1|api|mqtt)(/|\\?|$)': { target: server, ws: true },
    },
  },
}))

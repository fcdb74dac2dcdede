import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const server = process.env['LATCHKEY_SERVER'] ?? 'http://127.0.0.1:4080'

/** Static hosts answer an unknown path, such as a page of the console, with this file. */
const notFoundPage: Plugin = {
  name: 'not-found-page',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const page = bundle['index.html']
    if (page?.type !== 'asset') throw new Error('the build has no index.html')
    this.emitFile({ type: 'asset', fileName: '404.html', source: page.source })
  },
}

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), mode === 'demo' && notFoundPage],
  build: {
    outDir: mode === 'demo' ? 'dist/demo' : 'dist/console',
    target: 'es2023',
    manifest: mode !== 'demo',
  },
  // The demo's worker: its place decides which addresses it answers.
  worker: { rolldownOptions: { output: { entryFileNames: '[name].js' } } },
  server: {
    // The management API, and each deployment's gateway and WebSocket below its own id.
    proxy: {
      '^/[^/]+/(v1|api|mqtt)(/|\\?|$)': { target: server, ws: true },
    },
  },
}))

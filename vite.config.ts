import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env['LATCHKEY_SERVER'] ?? 'http://127.0.0.1:4080'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: { outDir: 'dist/console', target: 'es2023', manifest: true },
  server: {
    // The management API, and each deployment's gateway and WebSocket below its own id.
    proxy: {
      '^/[^/]+/(v1|api|mqtt)(/|\\?|$)': { target: server, ws: true },
    },
  },
})

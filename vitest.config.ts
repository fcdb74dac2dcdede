import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { routeAddresses } from './src/contract/routes.ts'

export default defineConfig({
  plugins: [react()],
  define: { ROUTE_ADDRESSES: JSON.stringify(routeAddresses) },
  test: {
    // Some start whole servers, and a machine may have better things to do meanwhile.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Loading what they share again for each file takes longer than the tests themselves.
    isolate: false,
    // One more than cores are wanted: some tests wait for most of their time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['{src,test,bench,scripts}/**/*.test.ts'],
          exclude: ['src/console/**'],
          globalSetup: 'test/harness/postgres/postgres-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['src/console/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          setupFiles: 'src/console/testing/setup.ts',
        },
      },
    ],
  },
})

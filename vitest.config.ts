import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['server/**/*.test.ts', 'web/**/*.test.ts'],
    globalSetup: ['server/database/testing/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Files share what they import, which is most of what a short one takes; each has its own database and servers.
    isolate: false,
  },
})

import type { TestProject } from 'vitest/node'
import { startTestCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
  }
}

/** One TimescaleDB for the whole run; each test file clones a database of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster({ onProgress: (step) => console.log(`database: ${step}`) })
  project.provide('adminUrl', cluster.adminUrl)
  return cluster.stop
}

/** What the process uses of the demo. */
export { demoPulls, type DemoFeedOptions } from './demo-feeds.ts'
export { readLevels, type PriceLevels } from './levels.ts'
export { startDemoServer, type DemoOptions, type DemoServer } from './server.ts'
export { startDemo, type Demo } from './start.ts'

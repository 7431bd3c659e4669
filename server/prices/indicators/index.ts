/** Indicators and forecasts: counted for what changed, asked by pages. */
export { indicatorsJob } from './job.ts'
export { recomputeAll, renewIndicators } from './renew.ts'
export { indicatorRoutes } from './routes.ts'

/** What the rest of the product uses of the quality checks. */
export { contextsOf, type Place } from './contexts.ts'
export { keepFlags } from './flags-store.ts'
export { checkRecent, renewFlags } from './renew.ts'
export { qualityRoutes } from './routes.ts'
export { isSurelyWrong, scanSeries } from './scan.ts'

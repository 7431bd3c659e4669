export { periodOf } from './period.ts'
export { readAvailability } from './report.ts'
export { availabilityRoutes } from './routes.ts'
export { localClock } from './service-time.ts'

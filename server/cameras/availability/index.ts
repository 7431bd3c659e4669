export { readAvailability } from './report.ts'
export { availabilityRoutes } from './routes.ts'

export { priceExportRoutes } from './routes.ts'

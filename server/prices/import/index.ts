export { priceImportRoutes } from './routes.ts'

export { publicPriceRoutes } from './routes.ts'

export { cameraPageRoutes } from './routes.ts'

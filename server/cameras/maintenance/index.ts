/** What the prober and the application use of planned work. */
export { plannedCameras } from './plans.ts'
export { maintenanceRoutes } from './routes.ts'
export { activeAt, windows, type Plan, type Window } from './windows.ts'

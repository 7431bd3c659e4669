/** What the pages of cameras and the application use of outages. */
export { shownTo } from './people.ts'
export { outageRoutes } from './routes.ts'
export { listOutages, type OutageFilter } from './store.ts'

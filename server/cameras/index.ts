/** What the other rooms use of the cameras. */
export { heldSince, listCameras, type DistrictDay, type Held } from './queries.ts'
export { writePast, type PastChange } from './past.ts'
export { registerCameras, type Listing } from './register.ts'
export { dropOldObservations, rollUp } from './rollups.ts'
export { cameraRoutes } from './routes.ts'
export { markSilent, readStatuses } from './statuses.ts'
export { storeObservations, type Observation, type Outcome, type Stored } from './store.ts'
export { availability, timeInStates, transitionsOf, type Observed, type Transition } from './timeline.ts'

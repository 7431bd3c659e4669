/** What the prober, the pages of cameras and the application use of the topology. */
export { findCauses, type Scene } from './causes.ts'
export {
  listIncidents,
  lockIncident,
  setIncidentTaken,
  settleIncidents,
  type SettledIncidents,
} from './incidents-store.ts'
export { readNodes, toNode, wayUp } from './nodes-store.ts'
export { topologyRoutes } from './routes.ts'
export { subnetOf } from './subnet.ts'
export type { CameraSeen, Cause, Causes, KnownIncident, NodeSeen } from './types.ts'

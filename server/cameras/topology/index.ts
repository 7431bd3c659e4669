/** What the prober and the application use of the topology. */
export { findCauses, type Scene } from './causes.ts'
export { subnetOf } from './subnet.ts'
export type { CameraSeen, Cause, Causes, KnownIncident, NodeSeen } from './types.ts'

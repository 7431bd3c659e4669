import type { Tree } from './tree.ts'
import type { CameraSeen, KnownIncident, NodeSeen } from './types.ts'

/** Fewer are no sign of a common cause. */
const LEAST = 2

/** Whether what it says counts: planned work and silence say nothing. */
const counts = ({ planned, state }: CameraSeen) => !planned && state !== 'unknown'

/** It can't be reached, as far as anybody knows; a name that leads nowhere and a forbidden address are no matter of cables. */
const isDark = ({ state, layer, fault, failing }: CameraSeen) =>
  state === 'down' ? layer === 'network' && fault !== 'dns' && fault !== 'not-allowed' : failing

/**
 * Since when a node without a probe of its own has failed, by what hangs on it: all that counts can't be reached, at
 * least two cameras are confirmed to have failed together, and no single node below covers these. Null: it has not.
 */
export function inferred(node: NodeSeen, tree: Tree, together: number): number | null {
  if (node.probed && node.state !== 'unknown') return null
  if (tree.somethingAnswers(node.id)) return null
  const counted = tree.below(node.id).filter(counts)
  if (!counted.every(isDark)) return null
  const confirmed = counted.filter(({ state }) => state === 'down')
  const last = Math.max(...confirmed.map(({ since }) => since))
  const group = confirmed.filter(({ since }) => since >= last - together)
  if (group.length < LEAST) return null
  const [branch, ...others] = new Set(group.map((camera) => tree.branch(node.id, camera)))
  if (branch !== null && others.length === 0) return null
  return Math.min(...group.map(({ since }) => since))
}

/** When a node's incident ended; null: it goes on. */
export function endOf(node: NodeSeen, incident: KnownIncident, tree: Tree, now: number): number | null {
  if (node.probed && node.state === 'down') return null
  if (node.probed && node.state !== 'unknown') return Math.max(node.since, incident.startedAt)
  // Only who came back since then is a sign: cameras may have gone on beside a node whose probe alone failed.
  const back = tree
    .below(node.id)
    .filter((camera) => counts(camera) && camera.state !== 'down' && camera.since > incident.startedAt)
  if (back.length > 0) return Math.min(...back.map(({ since }) => since))
  const members = new Set(incident.cameras)
  return tree.below(node.id).some(({ id, state }) => state === 'down' && members.has(id)) ? null : now
}

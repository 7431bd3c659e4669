import { endOfGroup, groups } from './groups.ts'
import { endOf, inferred } from './inference.ts'
import { Returning } from './returning.ts'
import { Tree } from './tree.ts'
import {
  answers,
  togetherMs,
  type CameraSeen,
  type Cause,
  type Causes,
  type KnownIncident,
  type Limits,
  type NodeSeen,
} from './types.ts'

/** What is known of now. */
export interface Scene {
  nodes: readonly NodeSeen[]
  cameras: readonly CameraSeen[]
  /** open ones, and those that ended within the last hour */
  incidents: readonly KnownIncident[]
}

/**
 * What explains the failures of now. A node has failed where its own probe says so or, without one, where all that hangs
 * on it can't be reached; of several failed ones in a row the highest is the cause. Its cameras that fail are
 * unreachable, but for those that had failed clearly earlier. What hangs on nothing is grouped by site and subnet,
 * and stays down. Not to be asked while the prober's own uplink is lost: it would take silence for an end.
 * @param now ms since 1970
 */
export function findCauses({ nodes, cameras, incidents }: Scene, now: number, limits: Limits): Causes {
  const tree = new Tree(nodes, cameras)
  const together = togetherMs(limits)
  const open = incidents.filter(({ endedAt }) => endedAt === null)
  const ofNodes = new Map(open.filter(({ kind }) => kind === 'node').map((one) => [one.subject, one]))

  const ended = endedNodes(nodes, ofNodes, tree, now)
  const endedAt = new Map(ended.map(({ id, at }) => [id, at]))
  const returning = new Returning(
    incidents.map((one) => ({ ...one, endedAt: endedAt.get(one.id) ?? one.endedAt })),
    limits,
  )
  const failed = failedNodes({ nodes, ofNodes, tree, returning }, endedAt, now, together)

  /** The highest failed node on the way up that can explain a failure since then. */
  const rootOf = (from: number | null, since: number): NodeSeen | undefined => {
    const way = tree.up(from)
    const works = way.findIndex((node) => node.probed && answers(node))
    return (works < 0 ? way : way.slice(0, works)).findLast(
      (node) => (failed.get(node) ?? Infinity) <= since + together,
    )
  }
  const causes = new Map<NodeSeen, Cause>()
  const causeOf = new Map<NodeSeen, Cause>()
  for (const [node, since] of failed) {
    const root = rootOf(node.id, since) ?? node
    const cause = causes.get(root) ?? nodeCause(root, failed.get(root) ?? since)
    causes.set(root, cause)
    causeOf.set(node, cause)
    const part = root === node ? undefined : ofNodes.get(node.code)
    if (part !== undefined) cause.absorbs.push(part.id)
  }

  const unreachable = new Map<number, number>()
  const own = new Map<number, number>()
  const unexplained: CameraSeen[] = []
  for (const camera of cameras) {
    if (camera.state !== 'down') continue
    const root = rootOf(camera.parentId, returning.beganAt(camera))
    const cause = root && causeOf.get(root)
    if (cause !== undefined && !camera.planned) cause.cameras.push(camera.id)
    if (cause !== undefined) cause.fault ??= camera.fault
    const since = cause?.since ?? returning.unreachableSince(camera, now)
    const back = returning.backAt(camera)
    if (since !== null) unreachable.set(camera.id, since)
    else if (back !== null) own.set(camera.id, back)
    else if (camera.parentId === null && !camera.planned) unexplained.push(camera)
  }

  const grouped = groups(unexplained, open, together)
  return {
    causes: [...causes.values(), ...grouped],
    ended: [...ended, ...endedGroups(open, grouped, cameras, now)],
    unreachable,
    own,
  }
}

/** Open incidents of nodes that are over, those of nodes that are no more among them. */
function endedNodes(
  nodes: readonly NodeSeen[],
  ofNodes: ReadonlyMap<string, KnownIncident>,
  tree: Tree,
  now: number,
): Causes['ended'] {
  const byCode = new Map(nodes.map((node) => [node.code, node]))
  return [...ofNodes].flatMap(([code, incident]) => {
    const node = byCode.get(code)
    const at = node === undefined ? now : endOf(node, incident, tree, now)
    return at === null ? [] : { id: incident.id, at }
  })
}

/** Nodes that have failed, since when: what goes on keeps its beginning, and what may be on its way back is left alone. */
function failedNodes(
  scene: {
    nodes: readonly NodeSeen[]
    ofNodes: ReadonlyMap<string, KnownIncident>
    tree: Tree
    returning: Returning
  },
  ended: ReadonlyMap<number, number>,
  now: number,
  together: number,
): Map<NodeSeen, number> {
  const { nodes, ofNodes, tree, returning } = scene
  const failed = new Map<NodeSeen, number>()
  for (const node of nodes) {
    const incident = ofNodes.get(node.code)
    const found = node.probed && node.state === 'down' ? node.since : inferred(node, tree, together)
    if (incident !== undefined && !ended.has(incident.id))
      failed.set(node, Math.min(incident.startedAt, found ?? Infinity))
    else if (found !== null) {
      const since = returning.nodeFailedSince(tree.up(node.parentId), found, now, together)
      if (since !== null) failed.set(node, since)
    }
  }
  return failed
}

const nodeCause = (node: NodeSeen, since: number): Cause => ({
  kind: 'node',
  subject: node.code,
  nodeId: node.id,
  since,
  fault: node.probed && node.state === 'down' ? node.fault : null,
  cameras: [],
  absorbs: [],
})

function endedGroups(
  open: readonly KnownIncident[],
  going: readonly Cause[],
  cameras: readonly CameraSeen[],
  now: number,
): Causes['ended'] {
  const goOn = new Set(going.map(({ kind, subject }) => `${kind} ${subject}`))
  const byId = new Map(cameras.map((camera) => [camera.id, camera]))
  return open
    .filter(({ kind, subject }) => kind !== 'node' && !goOn.has(`${kind} ${subject}`))
    .map((incident) => ({ id: incident.id, at: endOfGroup(incident, byId, now) }))
}

import { answers, type CameraSeen, type NodeSeen } from './types.ts'

/** What hangs on what. A circle, or a parent that is not there, ends the way up. */
export class Tree {
  readonly #nodes: ReadonlyMap<number, NodeSeen>
  readonly #below = new Map<number, CameraSeen[]>()
  readonly #answering = new Set<number>()

  constructor(nodes: readonly NodeSeen[], cameras: readonly CameraSeen[]) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]))
    for (const camera of cameras)
      for (const { id } of this.up(camera.parentId)) {
        const below = this.#below.get(id)
        if (below === undefined) this.#below.set(id, [camera])
        else below.push(camera)
      }
    for (const node of nodes)
      if (node.probed && answers(node)) for (const { id } of this.up(node.id)) this.#answering.add(id)
  }

  /** The node itself and what it hangs on, nearest first. */
  up(nodeId: number | null): NodeSeen[] {
    const way: NodeSeen[] = []
    for (let id = nodeId; id !== null;) {
      const node = this.#nodes.get(id)
      if (node === undefined || way.includes(node)) break
      way.push(node)
      id = node.parentId
    }
    return way
  }

  /** Cameras that hang on it, all levels down. */
  below = (nodeId: number): readonly CameraSeen[] => this.#below.get(nodeId) ?? []

  /** The node, or one below it, answers its own probe. */
  somethingAnswers = (nodeId: number): boolean => this.#answering.has(nodeId)

  /** Through which child of the node a camera below hangs on it; null: directly. */
  branch(nodeId: number, camera: CameraSeen): number | null {
    const way = this.up(camera.parentId)
    const place = way.findIndex(({ id }) => id === nodeId)
    return way[place - 1]?.id ?? null
  }
}

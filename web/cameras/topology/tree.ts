import type { TopologyNode } from '#contract/topology.ts'

export interface Branch {
  node: TopologyNode
  /** 0 for what hangs on nothing */
  level: number
  children: Branch[]
}

/** Nodes as trees, each level by name. A node whose parent is not among them stands at the top. */
export function treeOf(nodes: readonly TopologyNode[]): Branch[] {
  const known = new Map(nodes.map((node) => [node.id, [] as TopologyNode[]]))
  const top: TopologyNode[] = []
  for (const node of nodes) (known.get(node.parentId ?? -1) ?? top).push(node)
  const branches = (members: TopologyNode[], level: number): Branch[] =>
    members
      .toSorted((a, b) => a.name.localeCompare(b.name) || a.id - b.id)
      .map((node) => ({ node, level, children: branches(known.get(node.id) ?? [], level + 1) }))
  return branches(top, 0)
}

/** A tree's rows from top to bottom; what is below a closed one is left out. */
export const rowsOf = (branches: readonly Branch[], closed: ReadonlySet<number>): Branch[] =>
  branches.flatMap((branch) => [
    branch,
    ...(closed.has(branch.node.id) ? [] : rowsOf(branch.children, closed)),
  ])

/** A node and all that hangs on it, levels down: it cannot hang on any of them. */
export function subtreeOf(nodes: readonly TopologyNode[], id: number): Set<number> {
  const found = new Set([id])
  let before = 0
  while (found.size > before) {
    before = found.size
    for (const node of nodes) if (node.parentId !== null && found.has(node.parentId)) found.add(node.id)
  }
  return found
}

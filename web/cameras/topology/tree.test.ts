import { describe, expect, it } from 'vitest'
import type { TopologyNode } from '#contract/topology.ts'
import { rowsOf, subtreeOf, treeOf } from './tree.ts'

const node = (id: number, parentId: number | null, name = `n${id}`): TopologyNode => ({
  id,
  code: `c${id}`,
  name,
  kind: 'switch',
  parentId,
  latitude: null,
  longitude: null,
  targets: null,
  state: 'up',
  since: null,
  cameras: 0,
})
const nodes = [node(4, 2), node(2, 1, 'b'), node(1, null), node(3, 1, 'a'), node(5, 99)]
const ids = (closed: number[] = []) =>
  rowsOf(treeOf(nodes), new Set(closed)).map(({ node: { id }, level }) => [id, level])

describe('treeOf', () => {
  it('goes down level by level, by name; whose parent is missing stands at the top', () =>
    expect(ids()).toEqual([
      [1, 0],
      [3, 1],
      [2, 1],
      [4, 2],
      [5, 0],
    ]))
  it('leaves out what is below a closed one', () =>
    expect(ids([2])).toEqual([
      [1, 0],
      [3, 1],
      [2, 1],
      [5, 0],
    ]))
})

it('subtreeOf holds the node and all below it', () => {
  expect([...subtreeOf(nodes, 1)].sort()).toEqual([1, 2, 3, 4])
  expect([...subtreeOf(nodes, 5)]).toEqual([5])
})

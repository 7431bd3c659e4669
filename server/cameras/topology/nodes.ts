import type { PoolClient } from 'pg'
import type { NodeEdit } from '#contract/topology.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { targetFaults } from '../probe/targets.ts'
import {
  auditNode,
  codeIsTaken,
  countBelow,
  deleteNode,
  insertNode,
  lockTree,
  moveUp,
  readNode,
  updateNode,
  wayUp,
} from './nodes-store.ts'

type TreeContext = Pick<Context, 'pool' | 'bus'>

const refuse = (field: string, expected: string) =>
  new AppError('bad-input', `${field}: expected ${expected}.`, { field, expected })

/** Adds a node; returns its id. Throws an AppError where it does not fit. */
export async function createNode({ pool, bus }: TreeContext, edit: NodeEdit, actor: string): Promise<number> {
  const made = await withTransaction(pool, async (client) => {
    await lockTree(client)
    return addNode(client, edit, actor)
  })
  bus.tell('probe:configured', { cameraIds: [] })
  return made
}

/** Inside the caller's transaction, with the tree locked. */
export async function addNode(client: PoolClient, edit: NodeEdit, actor: string): Promise<number> {
  await refuseMisfits(client, null, edit)
  const id = await insertNode(client, edit)
  await auditNode(client, actor, 'node-created', edit.code, { after: edit })
  return id
}

/** Changes a node. Throws an AppError where none has the id, where it does not fit, or where it would hang on itself. */
export async function editNode(
  { pool, bus }: TreeContext,
  id: number,
  edit: NodeEdit,
  actor: string,
): Promise<void> {
  await withTransaction(pool, async (client) => {
    await lockTree(client)
    await changeNode(client, id, edit, actor)
  })
  bus.tell('probe:configured', { cameraIds: [] })
}

/** Inside the caller's transaction, with the tree locked. */
export async function changeNode(
  client: PoolClient,
  id: number,
  edit: NodeEdit,
  actor: string,
): Promise<void> {
  const { id: _id, ...before } = await mustRead(client, id)
  await refuseMisfits(client, id, edit)
  await updateNode(client, id, edit)
  await auditNode(client, actor, 'node-changed', edit.code, { before, after: edit })
}

/**
 * Removes a node. Where something hangs on it that moves up to what the node hangs on, or it is refused.
 * @param moveChildren whether what hangs on it may move up
 */
export async function removeNode(
  { pool, bus }: TreeContext,
  id: number,
  moveChildren: boolean,
  actor: string,
): Promise<void> {
  const moved = await withTransaction(pool, async (client) => {
    await lockTree(client)
    const { id: _id, ...before } = await mustRead(client, id)
    const { nodes, cameras } = await countBelow(client, id)
    if (!moveChildren && nodes + cameras > 0)
      throw new AppError(
        'conflict',
        `${cameras} cameras and ${nodes} nodes hang on ${before.code}. Move them first, or delete it with ?children=up to hang them on what it hangs on itself.`,
        { cameras, nodes },
      )
    const ids = await moveUp(client, { id, ...before }, actor)
    await deleteNode(client, id)
    await auditNode(client, actor, 'node-deleted', before.code, { before })
    return ids
  })
  if (moved.length > 0) bus.tell('cameras:listed', null)
  bus.tell('probe:configured', { cameraIds: moved })
}

async function mustRead(client: PoolClient, id: number) {
  const node = await readNode(client, id)
  if (node === undefined) throw new AppError('not-found', `No node has the id ${id}.`)
  return node
}

/** What the schema cannot say. The tree must be locked. */
async function refuseMisfits(client: PoolClient, id: number | null, edit: NodeEdit): Promise<void> {
  if ((edit.latitude === null) !== (edit.longitude === null))
    throw refuse(edit.latitude === null ? 'latitude' : 'longitude', 'both or none of the two')
  const [fault] = targetFaults(edit.targets)
  if (fault !== undefined) throw refuse(`targets.${fault.field}`, fault.expected)
  if (await codeIsTaken(client, edit.code, id))
    throw new AppError('conflict', `Another node has the code ${edit.code}.`, {
      field: 'code',
      expected: 'a code that no other node has',
    })
  if (edit.parentId === null) return
  const way = await wayUp(client, edit.parentId)
  if (way.length === 0) throw refuse('parentId', `the id of a node; none has the id ${edit.parentId}`)
  const circle = way.findIndex((node) => node.id === id)
  if (circle >= 0) {
    const codes = [edit.code, ...way.slice(0, circle).map(({ code }) => code), edit.code]
    throw refuse('parentId', `a node that does not hang on this one (${codes.join(' → ')} is a circle)`)
  }
}

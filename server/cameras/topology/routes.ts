import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { NodeEdit, TopologyNode } from '#contract/topology.ts'
import { Nothing } from '../../access/schemas.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { CameraId as NodeId, EDITORS } from '../settings/schemas.ts'
import { readNodes, toNode } from './nodes-store.ts'
import { createNode, editNode, removeNode } from './nodes.ts'

/** What cameras hang on: recorders, switches, poles, links, power. */
export function topologyRoutes(app: App, context: Context): void {
  app.get(
    '/api/nodes',
    {
      schema: {
        tags: ['topology'],
        summary: 'List the nodes on which cameras hang, with their state',
        response: { 200: Type.Object({ nodes: Type.Array(TopologyNode) }) },
      },
    },
    async ({ viewer }) => {
      const withTargets = viewer !== null && viewer.kind === 'account' && EDITORS.includes(viewer.role)
      return { nodes: (await readNodes(context.pool)).map((node) => toNode(node, withTargets)) }
    },
  )

  app.post(
    '/api/nodes',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['topology'],
        summary: 'Add a node',
        body: NodeEdit,
        response: { 201: Type.Object({ id: Type.Integer() }) },
      },
    },
    async ({ body, viewer }, reply) =>
      reply.code(201).send({ id: await createNode(context, body, actorOf(viewer).actor) }),
  )

  app.put(
    '/api/nodes/:id',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['topology'],
        summary: 'Change a node',
        params: Type.Object({ id: NodeId }),
        body: NodeEdit,
        response: { 204: Nothing },
      },
    },
    async ({ params, body, viewer }, reply) => {
      await editNode(context, params.id, body, actorOf(viewer).actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/nodes/:id',
    {
      config: { access: EDITORS },
      schema: {
        tags: ['topology'],
        summary: 'Delete a node on which nothing hangs, or hang what does on what it hangs on itself',
        params: Type.Object({ id: NodeId }),
        querystring: Type.Object({ children: Type.Optional(Type.Literal('up')) }, closed),
        response: { 204: Nothing },
      },
    },
    async ({ params, query, viewer }, reply) => {
      await removeNode(context, params.id, query.children === 'up', actorOf(viewer).actor)
      return reply.code(204).send(null)
    },
  )
}

import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { Role } from '#contract/viewer.ts'
import type { App } from '../context.ts'
import type { Access } from './index.ts'
import {
  AccountInfo,
  iso,
  isoOrNull,
  Name,
  Nothing,
  NumberInPath,
  TypedPassword,
  Username,
} from './schemas.ts'
import { actorOf } from './viewer.ts'

export function accountRoutes(app: App, { accounts }: Access): void {
  app.get(
    '/api/accounts',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'List accounts',
        response: { 200: Type.Object({ accounts: Type.Array(AccountInfo) }) },
      },
    },
    async () => ({
      accounts: (await accounts.list()).map((account) => ({
        ...account,
        createdAt: iso(account.createdAt),
        disabledAt: isoOrNull(account.disabledAt),
      })),
    }),
  )

  app.post(
    '/api/accounts',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Create an account',
        body: Type.Object({ username: Username, name: Name, role: Role, password: TypedPassword }, closed),
        response: { 201: Type.Object({ id: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const id = await accounts.create(request.body, actorOf(request.viewer).actor)
      return reply.code(201).send({ id })
    },
  )

  app.patch(
    '/api/accounts/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['access'],
        summary: 'Change an account: name, role, password, disabled',
        params: Type.Object({ id: NumberInPath }),
        body: Type.Object(
          {
            role: Type.Optional(Role),
            disabled: Type.Optional(Type.Boolean()),
            password: Type.Optional(TypedPassword),
          },
          { ...closed, minProperties: 1 },
        ),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await accounts.change(Number(request.params.id), request.body, actorOf(request.viewer).actor)
      return reply.code(204).send(null)
    },
  )
}

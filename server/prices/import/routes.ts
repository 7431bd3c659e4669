import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { ImportListed, ImportMapping, PriceImport } from '#contract/price-import.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { Commodity, Market } from '#contract/price.ts'
import type { Role } from '#contract/viewer.ts'
import { XLSX_TYPE } from '../../tables/table.ts'
import { commodityOf, marketOf } from '../naming.ts'
import { applyImport } from './apply.ts'
import { MAX_BYTES } from './grid.ts'
import { mendMapping, shown, takeFile } from './imports.ts'
import { dropImport, findImport, listImports } from './store.ts'

const EDITORS: Role[] = ['market-officer', 'admin']
const params = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
const tags = ['prices']
const config = { access: EDITORS }

/** Price history in from the files of offices: a dry run, mended as often as it takes, then applied. */
export function priceImportRoutes(app: App, context: Context): void {
  const { pool, pack } = context

  app.get(
    '/api/prices/imports',
    {
      config,
      schema: {
        tags,
        summary: 'List the imports of price history, the newest first, and what names of a file may mean',
        response: {
          200: Type.Object({
            imports: Type.Array(ImportListed),
            commodities: Type.Array(Commodity),
            markets: Type.Array(Market),
          }),
        },
      },
    },
    async () => ({
      imports: await listImports(pool),
      commodities: pack.commodities.map(commodityOf),
      markets: pack.markets.map(marketOf),
    }),
  )
  app.get(
    '/api/prices/imports/:id',
    {
      config,
      schema: { tags, summary: 'Read how a file was understood', params, response: { 200: PriceImport } },
    },
    async ({ params: { id } }) => {
      const stored = await findImport(pool, id)
      if (stored === undefined) throw new AppError('not-found', `There is no import ${id}.`)
      return shown(stored)
    },
  )
  app.put(
    '/api/prices/imports/:id/mapping',
    {
      config,
      schema: {
        tags,
        summary: 'Say how a file is meant',
        params,
        body: ImportMapping,
        response: { 200: PriceImport },
      },
    },
    ({ params: { id }, body }) => mendMapping(context, id, body),
  )
  app.post(
    '/api/prices/imports/:id/apply',
    {
      config,
      schema: {
        tags,
        summary:
          'Store the prices of a file, and remember how it was understood for the next one of its shape',
        params,
        body: Type.Object({ remember: Type.Boolean() }, closed),
        response: { 200: PriceImport },
      },
    },
    ({ params: { id }, body: { remember }, viewer }) =>
      applyImport(context, id, { remember, viewer: actorOf(viewer) }),
  )
  app.delete(
    '/api/prices/imports/:id',
    {
      config,
      schema: { tags, summary: 'Drop a file that was not applied', params, response: { 204: Type.Null() } },
    },
    async ({ params: { id } }, reply) => {
      if (!(await dropImport(pool, id)))
        throw new AppError('not-found', `No import ${id} waits to be applied.`)
      return reply.code(204).send(null)
    },
  )

  // In a scope of its own: these types are taken nowhere else.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['text/csv', XLSX_TYPE],
      { parseAs: 'buffer', bodyLimit: MAX_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post(
      '/api/prices/imports',
      {
        config,
        bodyLimit: MAX_BYTES,
        schema: {
          tags,
          summary:
            'Say how a file of price history is understood and what it would change; nothing is stored yet',
          consumes: ['text/csv', XLSX_TYPE],
          querystring: Type.Object(
            { name: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }) },
            closed,
          ),
          response: { 200: PriceImport },
        },
      },
      ({ query: { name }, body, viewer }) => takeFile(context, name, body as Buffer, actorOf(viewer).name),
    )
    done()
  })
}

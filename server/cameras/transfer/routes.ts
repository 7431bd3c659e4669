import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import { ImportResult } from '#contract/camera-list.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { dayOf } from '../../prices/index.ts'
import { listStored } from '../settings/cameras-store.ts'
import { EDITORS } from '../settings/index.ts'
import { importNodes, nodesTable } from '../topology/transfer.ts'
import { tableOf } from './export.ts'
import { importCameras } from './import.ts'
import { nodeIds } from './nodes-store.ts'
import { MAX_BYTES } from './read-file.ts'
import { CSV_TYPE, INTERNATIONAL, writeCsv, writeXlsx, XLSX_TYPE, type Table } from '../../tables/table.ts'

const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** Cameras out into a file, and in from one. */
export function transferRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context

  const fileRoute = (path: string, summary: string, name: string, table: () => Promise<Table>) =>
    app.get(
      path,
      {
        config: { access: EDITORS },
        schema: {
          tags: ['cameras'],
          summary,
          querystring: Type.Object(
            { format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { default: 'csv' }) },
            closed,
          ),
          response: {
            200: {
              description: 'The file',
              content: { [CSV_TYPE]: { schema: Type.String() }, [XLSX_TYPE]: { schema: Binary } },
            },
          },
        },
      },
      async ({ query: { format } }, reply) => {
        const file = `${name}-${pack.city.code}-${dayOf(clock(), pack.city.timezone)}.${format}`
        reply
          .header('content-disposition', `attachment; filename="${file}"`)
          .header('cache-control', 'no-store')
        if (format === 'csv') return reply.type(CSV_TYPE).send(writeCsv(await table(), INTERNATIONAL))
        return reply.type(XLSX_TYPE).send(await writeXlsx(await table(), { sheet: name, notesSheet: '' }))
      },
    )
  fileRoute(
    '/api/cameras/export',
    'Read all that is set of all cameras as a file that can be imported again; passwords are not in it',
    'cameras',
    async () => {
      const [cameras, parents] = await Promise.all([listStored(pool), nodeIds(pool)])
      return tableOf(cameras, new Map([...parents].map(([code, id]) => [id, code])))
    },
  )
  fileRoute('/api/nodes/export', 'Read the topology as a file that can be imported again', 'nodes', () =>
    nodesTable(context),
  )

  // In a scope of its own: these types are taken nowhere else.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['text/csv', XLSX_TYPE],
      { parseAs: 'buffer', bodyLimit: MAX_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    const options = (summary: string) => ({
      config: { access: EDITORS },
      bodyLimit: MAX_BYTES,
      schema: {
        tags: ['cameras'],
        summary,
        consumes: ['text/csv', XLSX_TYPE],
        querystring: Type.Object({ apply: Type.Boolean({ default: false }) }, closed),
        response: { 200: ImportResult },
      },
    })
    scope.post(
      '/api/cameras/import',
      options('Say what a file of cameras would change, row by row, or change it'),
      ({ query, body, viewer }) => importCameras(context, body as Buffer, query.apply, actorOf(viewer)),
    )
    scope.post(
      '/api/nodes/import',
      options('Say what a file of what cameras hang on would change, row by row, or change it'),
      ({ query, body, viewer }) => importNodes(context, body as Buffer, query.apply, actorOf(viewer).actor),
    )
    done()
  })
}

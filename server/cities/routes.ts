import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Type } from 'typebox'
import { CityInfo } from '#contract/city.ts'
import type { Config } from '../config.ts'
import type { App, Context } from '../context.ts'
import { VERSION } from '../version.ts'
import { mapLayers } from './map-layers.ts'
import { openArchive, tileRoutes, TILES_PATH, type TileArchive } from './tiles.ts'

/** Throws a StartupError where the configured map file can't be shown. */
export async function cityRoutes(app: App, { pack, config }: Context): Promise<void> {
  const { city, districts } = pack
  const archive = config.pmtilesFile === undefined ? undefined : await openArchive(config.pmtilesFile)
  if (archive !== undefined) tileRoutes(app, archive)
  app.get(
    '/api/city',
    {
      config: { access: 'public' },
      schema: {
        tags: ['city'],
        summary: 'Read what the page has to know of the city',
        response: { 200: CityInfo },
      },
    },
    async () => ({
      code: city.code,
      name: city.name,
      timezone: city.timezone,
      bounds: city.bounds,
      center: city.center,
      zoom: city.zoom,
      demo: config.demo,
      tiles: tilesOf(config, archive),
      version: VERSION,
      districts: districts.map(({ code, name }) => ({ code, name })),
    }),
  )

  // The same for everybody until the pack changes: compressed once, asked for again only with its tag.
  const zipped = gzipSync(JSON.stringify(mapLayers(pack)), { level: 9 })
  const tag = `"${createHash('sha256').update(zipped).digest('base64url').slice(0, 22)}"`
  app.get(
    '/api/city/map',
    {
      config: { access: 'public' },
      schema: {
        tags: ['city'],
        summary: "Read the map's ground: streets, rivers, districts",
        response: { 200: { content: { 'application/json': { schema: Type.Unknown() } } }, 304: Type.Null() },
      },
    },
    async (request, reply) => {
      void reply.header('etag', tag).header('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null)
      return reply.type('application/json').header('content-encoding', 'gzip').send(zipped)
    },
  )
}

function tilesOf(config: Config, archive: TileArchive | undefined): CityInfo['tiles'] {
  if (archive !== undefined)
    return {
      url: `${TILES_PATH}?v=${archive.version}`,
      kind: archive.kind,
      maxZoom: archive.maxZoom,
      attribution: config.tileAttribution ?? archive.attribution,
    }
  return config.tileUrl === undefined
    ? null
    : { url: config.tileUrl, kind: 'raster', maxZoom: null, attribution: config.tileAttribution ?? '' }
}

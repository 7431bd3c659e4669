import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { CityInfo } from '#contract/model.ts'
import type { App, Context } from '../context.ts'
import { VERSION } from '../version.ts'
import { mapLayers } from './map-layers.ts'

export function cityRoutes(app: App, { pack, config }: Context): void {
  const { city, districts } = pack
  app.get(
    '/api/city',
    { config: { access: 'public' }, schema: { tags: ['city'], response: { 200: CityInfo } } },
    async () => ({
      code: city.code,
      name: city.name,
      timezone: city.timezone,
      bounds: city.bounds,
      center: city.center,
      zoom: city.zoom,
      demo: config.demo,
      tileUrl: config.tileUrl ?? null,
      tileAttribution: config.tileAttribution ?? null,
      version: VERSION,
      districts: districts.map(({ code, name }) => ({ code, name })),
    }),
  )

  // The same for everybody until the pack changes: compressed once, asked for again only with its tag.
  const zipped = gzipSync(JSON.stringify(mapLayers(pack)), { level: 9 })
  const tag = `"${createHash('sha256').update(zipped).digest('base64url').slice(0, 22)}"`
  app.get(
    '/api/city/map',
    { config: { access: 'public' }, schema: { tags: ['city'] } },
    async (request, reply) => {
      void reply.header('etag', tag).header('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type('application/json').header('content-encoding', 'gzip').send(zipped)
    },
  )
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Compression, TileType } from 'pmtiles'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import type { App, Context } from '../context.ts'
import { StartupError } from '../errors-startup.ts'
import { compileValidator } from '../validation.ts'
import { loadPack } from './pack.ts'
import { cityRoutes } from './routes.ts'
import { ATTRIBUTION, PNG, TILE, archiveOf, waterTile } from './testing/archive.ts'
import { openArchive } from './tiles.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(`${tmpdir()}/pantau-tiles-`)))
afterAll(() => rm(folder, { recursive: true }))

async function fileWith(name: string, content: Buffer): Promise<string> {
  await writeFile(`${folder}/${name}`, content)
  return `${folder}/${name}`
}
async function cityWith(environment: Record<string, string>): Promise<App> {
  const app: App = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  await cityRoutes(app, { pack: await loadPack('malang'), config: readConfig(environment) } as Context)
  return app
}

it('gives the tiles of a raster archive, and tells the page where they are', async () => {
  const app = await cityWith({
    PMTILES_FILE: await fileWith('raster.pmtiles', archiveOf(PNG, { type: TileType.Png })),
  })
  const { tiles } = (await app.inject('/api/city')).json<{ tiles: { url: string } }>()
  expect(tiles).toMatchObject({ kind: 'raster', maxZoom: TILE.z, attribution: ATTRIBUTION })
  const address = (x: number) =>
    tiles.url.replace('{z}', String(TILE.z)).replace('{x}', String(x)).replace('{y}', String(TILE.y))
  const there = await app.inject(address(TILE.x))
  expect(there.statusCode).toBe(200)
  expect(there.headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': expect.stringContaining('immutable') as string,
  })
  expect(there.rawPayload).toEqual(PNG)
  expect((await app.inject(address(TILE.x + 1))).statusCode).toBe(204)
  expect((await app.inject('/api/city/tiles/1/2/0')).statusCode).toBe(204)
  expect((await app.inject('/api/city/tiles/1/x/0')).statusCode).toBe(400)
  await app.close()
})

it('gives vector tiles unpacked', async () => {
  const packed = archiveOf(waterTile(), { type: TileType.Mvt, compression: Compression.Gzip })
  const archive = await openArchive(await fileWith('vector.pmtiles', packed))
  expect(archive.kind).toBe('vector')
  expect(await archive.read(TILE.z, TILE.x, TILE.y)).toEqual(waterTile())
  await archive.close()
})

it("takes another version's address once the file is another", async () => {
  const versionOf = async (content: Buffer) => {
    const archive = await openArchive(await fileWith('changing.pmtiles', content))
    await archive.close()
    return archive.version
  }
  const first = await versionOf(archiveOf(PNG, { type: TileType.Png }))
  expect(await versionOf(archiveOf(waterTile(), { type: TileType.Mvt }))).not.toBe(first)
})

it.each([
  ['a missing file', () => Promise.resolve(`${folder}/none.pmtiles`), /can't be read \(ENOENT\)/],
  ['an empty file', () => fileWith('empty', Buffer.alloc(0)), /no PMTiles archive/],
  ['another kind of file', () => fileWith('other', Buffer.alloc(20_000, 'x')), /no PMTiles archive/],
  [
    'tiles of a kind that no page shows',
    () => fileWith('unknown', archiveOf(PNG, { type: TileType.Unknown })),
    /unknown kind of tiles/,
  ],
  [
    'tiles compressed in a way that is not read',
    () => fileWith('brotli', archiveOf(PNG, { type: TileType.Mvt, compression: Compression.Brotli })),
    /compressed by Brotli/,
  ],
])('refuses %s in one sentence', async (_what, file, sentence) => {
  const refused = openArchive(await file())
  await expect(refused).rejects.toThrow(StartupError)
  await expect(refused).rejects.toThrow(sentence)
})

it('draws one ground only', () => {
  expect(() => readConfig({ TILE_URL: 'https://tiles.test/{z}/{x}/{y}.png', PMTILES_FILE: 'x' })).toThrow(
    /TILE_URL and PMTILES_FILE/,
  )
})

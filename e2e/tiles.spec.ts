import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test, type Page } from '@playwright/test'
import { Compression, TileType } from 'pmtiles'
import { ATTRIBUTION, PNG, TILE, archiveOf, waterTile } from '../server/cities/testing/archive.ts'
import { startTestCluster, testDatabase } from '../server/database/testing/index.ts'
import { freePort, ProductServer } from './server.ts'

/** The map of a product that shows an archive, without a word of complaint on the page. */
async function withArchive(page: Page, archive: Buffer, look: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/pantau-tiles-`)
  await writeFile(`${folder}/city.pmtiles`, archive)
  const cluster = await startTestCluster()
  const database = await testDatabase(cluster.adminUrl)
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: database.url,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'yes',
    PMTILES_FILE: `${folder}/city.pmtiles`,
  })
  try {
    await server.start()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(() => localStorage.setItem('theme', 'light'))
    await page.goto(server.url)
    await look()
    await expect(page.locator('.leaflet-control-attribution')).toContainText(ATTRIBUTION)
    expect(complaints).toEqual([])
  } finally {
    await server.end()
    await database.drop()
    await cluster.stop()
    await rm(folder, { recursive: true })
  }
}

test('a raster archive is the ground of the map', async ({ page }) => {
  await withArchive(page, archiveOf(PNG, { type: TileType.Png }), async () => {
    const tile = page.locator(`img.leaflet-tile-loaded[src*="/tiles/${TILE.z}/${TILE.x}/${TILE.y}?"]`)
    await expect(tile).toHaveJSProperty('naturalWidth', 1)
  })
})

test('a vector archive is drawn in the colours of the theme', async ({ page }) => {
  const archive = archiveOf(waterTile(), { type: TileType.Mvt, compression: Compression.Gzip })
  const middle = () =>
    page
      .locator('canvas.leaflet-tile')
      .evaluateAll((tiles) =>
        tiles.map((tile) => [
          ...((tile as HTMLCanvasElement).getContext('2d')?.getImageData(128, 128, 1, 1).data ?? []),
        ]),
      )
  await withArchive(page, archive, async () => {
    // water of the light flavour: #80deea
    await expect.poll(middle).toContainEqual([128, 222, 234, 255])
  })
})

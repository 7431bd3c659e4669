import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodePath, mapLayers } from './map-layers.ts'
import { loadPack } from './pack.ts'

describe('the layers of the map', () => {
  it('give back every point of the pack', async () => {
    const pack = await loadPack('malang')
    const layers = mapLayers(pack)
    for (const [kind, lines] of Object.entries(pack.streets))
      expect(
        layers.streets[kind]?.map((path) => decodePath(path).flatMap(([lat, lng]) => [lng, lat])),
      ).toEqual(lines)
    for (const [index, { rings }] of pack.districts.entries())
      expect(
        layers.districts[index]?.rings.map((path) => decodePath(path).map(([lat, lng]) => [lng, lat])),
      ).toEqual(rings)
  })

  it('weigh less than 120 kB on the wire', async () => {
    const size = gzipSync(JSON.stringify(mapLayers(await loadPack('malang')))).length
    expect(size).toBeLessThan(120_000)
  })
})

import { describe, expect, it } from 'vitest'
import { districtAt, siteOf, subdistrictAt } from './geography.ts'
import { loadPack } from './pack.ts'

const pack = await loadPack('malang')

describe('the district of a place', () => {
  const placed = pack.cameras.map((camera) => {
    const code = districtAt(pack, camera.latitude, camera.longitude)
    return { camera, code, name: pack.districts.find((district) => district.code === code)?.name }
  })

  // The note with the source data says 2; its own boundary files give 5, all within 30 m of the border.
  it('leaves 5 of 253 cameras outside the city, at 3 places', () => {
    const outside = placed.filter(({ code }) => code === undefined).map(({ camera }) => camera.name)
    expect(outside.sort()).toEqual([
      'Jl. Danau Kerinci Arah Selatan',
      'Jl. Danau Kerinci Arah Utara',
      'Jl. LA Sucipto Arah Timur (Perbatasan)',
      'Jl. Terusan Sulfat Arah Barat',
      'Jl. Terusan Sulfat Arah Timur',
    ])
  })

  it('finds 16 cameras in another district than the one published', () => {
    const elsewhere = placed.filter(({ name, camera }) => name && name !== camera.publishedDistrict)
    expect(elsewhere).toHaveLength(16)
  })

  it('agrees with the subdistrict', () => {
    for (const { camera, code } of placed) {
      const subdistrict = subdistrictAt(pack, camera.latitude, camera.longitude)
      expect(subdistrict?.slice(0, 7)).toBe(code)
    }
  })

  it('knows holes, second parts and edges', () => {
    const square = (from: number, to: number): [number, number][] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
    ]
    const districts = [{ code: 'a', name: 'A', rings: [square(0, 10), square(4, 6), square(20, 22)] }]
    const at = (lat: number, lng: number) => districtAt({ districts }, lat, lng)
    expect([at(1, 1), at(5, 5), at(21, 21), at(15, 15), at(0, 5)]).toEqual([
      'a',
      undefined,
      'a',
      undefined,
      'a',
    ])
  })
})

describe('the site of a camera', () => {
  const camera = (streamId: string, latitude: number, longitude = 112.6) => ({
    streamId,
    latitude,
    longitude,
  })

  it('is shared within 15 m and not beyond', () => {
    const sites = siteOf([camera('a', -7.95), camera('b', -7.9501), camera('c', -7.9504)])
    expect(sites.get('a')).toBe('p-7.95000_112.60000')
    expect(sites.get('b')).toBe(sites.get('a'))
    expect(sites.get('c')).toBe('p-7.95040_112.60000')
  })

  it('does not depend on the order of the list', () => {
    const forward = siteOf(pack.cameras)
    const backward = siteOf([...pack.cameras].reverse())
    expect(pack.cameras.map((c) => backward.get(c.streamId))).toEqual(
      pack.cameras.map((c) => forward.get(c.streamId)),
    )
  })

  it('gathers some of the cameras of the city, and no more than a pole carries', () => {
    const sizes = new Map<string, number>()
    for (const site of siteOf(pack.cameras).values()) sizes.set(site, (sizes.get(site) ?? 0) + 1)
    expect(sizes.size).toBeLessThan(253)
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(6)
  })
})

it('looks at each of thousands on one spot once', () => {
  const pile = Array.from({ length: 20_000 }, (_, index) => ({
    streamId: `camera-${index}`,
    latitude: -7.98,
    longitude: 112.63,
  }))
  expect(new Set(siteOf(pile).values())).toEqual(new Set(['p-7.98000_112.63000']))
})

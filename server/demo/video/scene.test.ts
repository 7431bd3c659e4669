import { describe, expect, it } from 'vitest'
import { decode } from '../../cameras/probe/picture/index.ts'
import { judge, type SeenMemory } from '../../cameras/probe/picture/judge.ts'
import { Pictures } from './picture.ts'
import { HEIGHT, sceneSvg, WIDTH } from './scene.ts'

const start = Date.parse('2026-11-24T00:00:00Z') / 1_000
const options = { frozenPictures: 3, placeholders: [] }

/** What the probe says of each of the pictures, one every five minutes. */
async function faultsOf(pictures: readonly Promise<Buffer>[]): Promise<(string | null)[]> {
  let memory: SeenMemory = {}
  const faults: (string | null)[] = []
  for (const [index, picture] of pictures.entries()) {
    const judged = judge((await decode(await picture)).raster, memory, index * 300_000, options)
    memory = judged.memory
    faults.push(judged.fault)
  }
  return faults
}

describe('the scene', () => {
  it('is a function of seed and time, and needs no font', () => {
    expect(sceneSvg(1, start)).toBe(sceneSvg(1, start))
    expect(sceneSvg(1, start)).not.toBe(sceneSvg(2, start))
    expect(sceneSvg(1, start)).not.toBe(sceneSvg(1, start + 0.1))
    expect(sceneSvg(1, start)).not.toContain('<text')
  })
  it('lets nobody run into another: along each lane they keep apart', () => {
    const wheel = /<ellipse cx="([-\d.]+)" cy="([\d.]+)" rx="5" ry="5" fill="#17181a"/g
    for (let seconds = 0; seconds < 60; seconds += 0.7) {
      const lanes = new Map<number, number[]>()
      // Each has two wheels; those of a car stand a little lower than those of a motorbike.
      for (const [, x, y] of sceneSvg(3, start + seconds).matchAll(wheel)) {
        const lane = Math.ceil(Number(y) / 2)
        lanes.set(lane, [...(lanes.get(lane) ?? []), Number(x)])
      }
      expect(lanes.size).toBeLessThanOrEqual(3)
      for (const wheels of lanes.values()) {
        const vehicles = wheels
          .flatMap((x, index) => (index % 2 === 0 ? [[x, wheels[index + 1] ?? x] as const] : []))
          .sort(([a], [b]) => a - b)
        vehicles.forEach(([rear], index) => {
          if (index > 0) expect(rear).toBeGreaterThan(vehicles[index - 1]?.[1] ?? Infinity)
        })
      }
    }
  })
  it('is a JPEG that the probe finds nothing wrong with, for many cameras and hours', async () => {
    const pictures = new Pictures()
    const [bytes] = [await pictures.scene(1, start)]
    expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff')
    expect((await decode(bytes)).raster).toMatchObject({ width: 320, height: (320 * HEIGHT) / WIDTH })
    for (let seed = 0; seed < 12; seed += 1) {
      const scenes = Array.from({ length: 12 }, (_, index) =>
        pictures.scene(seed * 7_919, start + index * 300),
      )
      expect(await faultsOf(scenes)).toEqual(scenes.map(() => null))
    }
  })
  it('is found frozen where it stays, and black where the lens sees nothing', async () => {
    const pictures = new Pictures()
    const frozen = Array.from({ length: 5 }, () => pictures.scene(5, start))
    expect(await faultsOf(frozen)).toEqual([null, null, null, 'frozen', 'frozen'])
    expect(await faultsOf([pictures.black()])).toEqual(['black'])
  })
  it('shares what is made within a second', () => {
    const pictures = new Pictures()
    expect(pictures.scene(1, start)).toBe(pictures.scene(1, start))
    expect(pictures.scene(1, start)).not.toBe(pictures.scene(1, start + 1))
  })
})

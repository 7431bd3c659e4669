import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { decode } from './decode.ts'
import { judge, type PictureFault, type SeenMemory } from './judge.ts'
import { differenceHash, distance, middleOf, sharpnessOf, shrink } from './raster.ts'
import { drawnNotice, night, plain, street } from './testing/scenes.ts'

const EVERY_MS = 20 * 60_000
const START = Date.parse('2026-07-01T03:00:00Z')
type Verdict = PictureFault | null

/** What is found in each of a row of pictures. */
async function verdicts(
  pictures: readonly Promise<Buffer>[],
  options: { frozenPictures?: number; placeholders?: string[]; memory?: SeenMemory } = {},
): Promise<Verdict[]> {
  const { frozenPictures = 3, placeholders = [] } = options
  let memory: SeenMemory = options.memory ?? {}
  const found: Verdict[] = []
  for (const [at, picture] of pictures.entries()) {
    const { raster } = await decode(await picture)
    const judged = judge(raster, memory, START + at * EVERY_MS, { frozenPictures, placeholders })
    // what is remembered passes through the database
    memory = JSON.parse(JSON.stringify(judged.memory)) as SeenMemory
    found.push(judged.fault)
  }
  return found
}
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at))
const clock = (at: number) => `2026-07-01 10:${10 + at}:0${at}`

const CASES: [name: string, pictures: Promise<Buffer>[], expected: Verdict[]][] = [
  [
    'the same view with other noise and a running clock is frozen',
    times(4, (seed) => street({ seed, clock: clock(seed) })),
    [null, null, null, 'frozen'],
  ],
  [
    'other compression is no movement',
    times(4, (seed) => street({ seed, quality: [30, 90, 50, 75][seed] ?? 75 })),
    [null, null, null, 'frozen'],
  ],
  [
    'much noise is no movement',
    times(4, (seed) => street({ seed, noise: 14 })),
    [null, null, null, 'frozen'],
  ],
  [
    'a car that passes is movement',
    times(6, (at) => street({ seed: at, car: at / 6 })),
    times(6, () => null),
  ],
  [
    'light that fades slowly is movement',
    times(8, (at) => street({ seed: at, light: 1 - at * 0.006 })),
    times(8, () => null),
  ],
  [
    'what was frozen and moves again is fine',
    [...times(4, () => street()), street({ car: 0.5 })],
    [null, null, null, 'frozen', null],
  ],
  ['black', [plain('#000')], ['black']],
  ['black under a clock', times(2, (at) => plain('#050505', clock(at))), ['black', 'black']],
  ['a covered lens with noise', [night({ lamps: 0 })], ['black']],
  ['a night with few lamps is no covered lens', [night({ lamps: 1 })], [null]],
  ['a night with lamps is not drawn', times(3, (seed) => night({ seed })), [null, null, null]],
  ['even without noise', times(3, () => night({ noise: 0 })), [null, null, null]],
  ['blue', [plain('#00f')], ['single-colour']],
  ['grey under a clock', [plain('#888', clock(1))], ['single-colour']],
  [
    'a notice is known when it comes again',
    times(2, () => drawnNotice('STREAM IS OFFLINE')),
    [null, 'placeholder'],
  ],
  ['on black too', times(2, () => drawnNotice('NO VIDEO', '#000')), [null, 'placeholder']],
]
it.each(CASES)('%s', async (_name, pictures, expected) => {
  expect(await verdicts(pictures)).toEqual(expected)
})

it('never calls a picture frozen where the scene need not move', async () => {
  expect(
    await verdicts(
      times(6, () => street()),
      { frozenPictures: 0 },
    ),
  ).toEqual(times(6, () => null))
})

it('knows a configured placeholder at once, and nothing else by its hash', async () => {
  const { raster } = await decode(await drawnNotice('KAMERA SEDANG DIPERBAIKI', '#204020'))
  const placeholders = [differenceHash(middleOf(raster))]
  expect(
    await verdicts([drawnNotice('KAMERA SEDANG DIPERBAIKI', '#204020'), street()], { placeholders }),
  ).toEqual(['placeholder', null])
})

it('finds what is out of focus against its own past, twice in a row, and not before it has one', async () => {
  const moving = (at: number) => ({ seed: at, car: (at % 5) / 5 })
  const blurred = times(3, (at) => street({ ...moving(at), blur: 4, noise: 1 }))
  expect(await verdicts(blurred)).toEqual([null, null, null])
  const past = times(12, (at) => street(moving(at)))
  expect((await verdicts([...past, ...blurred, street(moving(3))])).slice(12)).toEqual([
    null,
    'out-of-focus',
    'out-of-focus',
    null,
  ])
})

it('does not measure the night by the day', async () => {
  const past = times(12, (at) => street({ seed: at, car: (at % 5) / 5 }))
  const dark = times(3, (at) => street({ seed: at, car: (at % 5) / 5, light: 0.3, blur: 4 }))
  expect((await verdicts([...past, ...dark])).slice(12)).toEqual([null, null, null])
})

it('sees a frozen and a moving test picture of ffmpeg for what they are', async () => {
  const frame = async (second: number) => {
    const args = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=5', '-ss', String(second)]
    const { stdout } = await promisify(execFile)(
      'ffmpeg',
      [...args, '-frames:v', '1', '-f', 'mjpeg', '-q:v', '6', 'pipe:1'],
      { encoding: 'buffer' },
    )
    return stdout
  }
  expect(await verdicts(times(5, () => frame(1)))).toEqual([null, null, null, 'frozen', 'frozen'])
  expect(await verdicts(times(5, frame))).toEqual(times(5, () => null))
})

it('remembers about a kilobyte of a camera', async () => {
  let memory: SeenMemory = {}
  const { raster } = await decode(await street())
  for (let at = 0; at < 200; at += 1)
    ({ memory } = judge(raster, memory, START + at * EVERY_MS, { frozenPictures: 0, placeholders: [] }))
  expect(memory.sharpness).toHaveLength(64)
  expect(JSON.stringify(memory).length).toBeLessThan(1_500)
})

it('measures by the formulas of its sources', () => {
  const falling = {
    width: 9,
    height: 8,
    grey: Uint8Array.from({ length: 72 }, (_, at) => 90 - (at % 9) * 10),
  }
  const rising = { width: 9, height: 8, grey: Uint8Array.from({ length: 72 }, (_, at) => (at % 9) * 10) }
  expect([differenceHash(falling), differenceHash(rising)]).toEqual(['f'.repeat(16), '0'.repeat(16)])
  expect(distance('ff00000000000001', '0f00000000000000')).toBe(5)
  expect([
    ...shrink({ width: 4, height: 2, grey: Uint8Array.of(0, 10, 20, 30, 10, 20, 40, 50) }, 2, 1),
  ]).toEqual([10, 35])
  // one white point in black: Laplacian -4, and 1 at its four neighbours, in a field of 5 x 5
  const point = new Uint8Array(49)
  point[24] = 1
  expect(sharpnessOf({ width: 7, height: 7, grey: point })).toBeCloseTo(20 / 25, 10)
})

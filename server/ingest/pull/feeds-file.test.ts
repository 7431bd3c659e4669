import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cameraFeeds } from '../../cameras/feeds/index.ts'
import { priceFeeds } from '../../prices/feeds/index.ts'
import { parseFeeds, readFeedsFile } from './feeds-file.ts'
import { patienceSeconds } from './patience.ts'

const kinds = { ...cameraFeeds, ...priceFeeds }
const feed = {
  id: 'malang',
  kind: 'malang-cameras',
  title: 'CCTV Kota Malang',
  schedule: '*/30 * * * * *',
  options: { url: 'https://cctv.example.go.id' },
}

describe('the feeds file', () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'feeds-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it("fills in what a feed's own schema gives", async () => {
    const path = join(folder, 'feeds.json')
    await writeFile(
      path,
      JSON.stringify([
        { ...feed, timeoutSeconds: 5 },
        { ...feed, id: 'b', enabled: false },
      ]),
    )
    const pulls = await readFeedsFile(path, kinds)
    expect(pulls).toHaveLength(1)
    expect(pulls[0]).toMatchObject({
      id: 'malang',
      demo: false,
      timeoutMs: 5_000,
      holdSeconds: 90,
      staleSeconds: 90,
      options: { districts: ['1', '2', '3', '4', '5'] },
    })
  })
  it('lets what the file says stand', () => {
    const entry = {
      ...feed,
      holdSeconds: 7,
      staleSeconds: 8,
      maxBytes: 2_048,
      jitterSeconds: 5,
      source: 'Diskominfo',
    }
    expect(parseFeeds([entry], kinds, 'feeds.json')).toMatchObject([
      {
        holdSeconds: 7,
        staleSeconds: 8,
        maxBytes: 2_048,
        jitterMs: 5_000,
        source: 'Diskominfo',
        runAtStart: true,
      },
    ])
  })
  it('says so when it is not there or not JSON', async () => {
    await expect(readFeedsFile(join(folder, 'none.json'), kinds)).rejects.toThrow("can't be read")
    const path = join(folder, 'broken.json')
    await writeFile(path, '[{')
    await expect(readFeedsFile(path, kinds)).rejects.toThrow('is not JSON')
  })
  it.each([
    [{}, 'feeds.json: expected a list of feeds'],
    [[feed, { ...feed, title: undefined, id: 'b' }], 'feed 2: title: '],
    [[{ ...feed, colour: 'red' }], 'feed 1: colour: is not known here.'],
    [[{ ...feed, id: 'Not an id' }], 'feed 1: id: '],
    [[feed, feed], 'feed 2 (malang): id: feed 1 has the same'],
    [[{ ...feed, kind: 'nope' }], 'feed 1 (malang): kind: expected one of bapanas, '],
    [[{ ...feed, kind: 'constructor' }], 'kind: expected one of '],
    [[{ ...feed, schedule: '99 * * * *' }], 'feed 1 (malang): schedule: '],
    [[{ ...feed, options: {} }], 'feed 1 (malang): options: url: is missing.'],
    [[{ ...feed, options: { ...feed.options, district: 1 } }], 'options: district: is not known here.'],
    [[{ ...feed, options: { ...feed.options, districts: ['x'] } }], 'options: districts.0: '],
    [[{ ...feed, timeoutSeconds: 0 }], 'feed 1: timeoutSeconds: '],
    [[null], 'feed 1: the entry: '],
  ])('names what is wrong: %j', (content, message) => {
    expect(() => parseFeeds(JSON.parse(JSON.stringify(content)), kinds, 'feeds.json')).toThrow(message)
  })
})

it.each([
  ['*/5 * * * * *', 65],
  ['*/30 * * * * *', 90],
  ['*/10 * * * *', 1_800],
  ['0 9 * * *', 26 * 3600],
  ['0 9 * * 1-5', 74 * 3600],
])('a feed that is read at %s may be silent for %i s', (schedule, seconds) => {
  expect(patienceSeconds(schedule)).toBe(seconds)
})

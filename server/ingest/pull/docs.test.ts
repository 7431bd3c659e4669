import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cameraFeeds } from '../../cameras/feeds/index.ts'
import { loadPack } from '../../cities/index.ts'
import { priceFeeds } from '../../prices/feeds/index.ts'
import { PriceNames } from '../validate.ts'
import { parseFeeds } from './feeds-file.ts'

const kinds = { ...cameraFeeds, ...priceFeeds }
const blocks = [
  ...readFileSync(new URL('../../../docs/feeds.md', import.meta.url), 'utf8').matchAll(
    /^```(.+)\n([\s\S]*?)^```$/gm,
  ),
].map(([, language = '', text = '']) => ({ language, text }))
const entries = blocks
  .filter(({ language }) => language === 'json')
  .flatMap(({ text }) => JSON.parse(text) as { kind: string; enabled?: boolean }[])

it('shows an example of every kind, and all of them together are a feeds file', () => {
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)))
  const pulls = parseFeeds(entries, kinds, 'docs/feeds.md')
  expect(pulls).toHaveLength(entries.filter(({ enabled }) => enabled !== false).length)
  const now = new Date('2026-11-24T03:00:00Z')
  for (const { feed, options } of pulls)
    expect(feed.requests(options as never, now)[0]?.url).toMatch(/^https:\/\/\w+\.example\.go\.id\//)
})

it('names only places that the city pack knows', async () => {
  const names = new PriceNames(await loadPack('malang'))
  const markets = JSON.stringify(entries).matchAll(/"market":"([^"]+)"/g)
  for (const [, market = ''] of markets) expect(names.market(market), market).toBeDefined()
})

it('maps the lists that it shows', () => {
  const lists = blocks.filter(({ language }) => language.endsWith(' camera-list')).map(({ text }) => text)
  const mappings = parseFeeds(entries, kinds, '').filter(({ feed }) => feed.kind === 'camera-list')
  const readings = mappings.map(({ feed, options }, index) =>
    feed.read(lists[index], {
      options: options as never,
      request: { url: '' },
      now: new Date('2026-11-24T03:00:00Z'),
    }),
  )
  expect(readings).toMatchObject([
    {
      rejects: [],
      rows: [
        {
          cameraId: 'SBY-1',
          name: 'Simpang Dr. Soetomo',
          state: 'up',
          latitude: -7.2797,
          longitude: 112.7378,
          owner: 'Dishub',
          at: new Date('2026-11-24T02:00:00Z'),
        },
      ],
    },
    {
      rejects: [],
      rows: [
        { cameraId: 'K-01', name: 'Alun-alun', state: 'up', latitude: -7.8169, longitude: 112.0114 },
        { cameraId: 'K-02', name: 'Simpang Lima', state: 'down' },
      ],
    },
  ])
})

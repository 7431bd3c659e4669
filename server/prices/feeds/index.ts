import type { Feed, PriceReading } from '../../ingest/reading.ts'
import { bapanas } from './bapanas.ts'
import { pihps } from './pihps.ts'
import { siskaperbapoMap, siskaperbapoTable } from './siskaperbapo.ts'
import { sp2kpComparison, sp2kpDaily } from './sp2kp.ts'

/** Every price feed, by kind; options were checked against the feed's own schema before it is asked. */
export const priceFeeds: Record<string, Feed<PriceReading>> = Object.fromEntries(
  [siskaperbapoTable, siskaperbapoMap, pihps, sp2kpDaily, sp2kpComparison, bapanas].map((feed) => [
    feed.kind,
    feed as unknown as Feed<PriceReading>,
  ]),
)

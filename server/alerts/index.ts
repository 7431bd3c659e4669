import type { Context } from '../context.ts'
import { listCameras, listIncidents, withoutUplink } from '../cameras/index.ts'
import { listFeeds } from '../ingest/feeds-store.ts'
import { ceilingOf, commodityOf, latestCity } from '../prices/index.ts'
import { brokenCeilings, districtsDown, lostUplinks, openIncidents, staleFeeds } from './rules.ts'
import { settleAlerts } from './store.ts'

export { listAlerts } from './store.ts'

const MOST_INCIDENTS = 100

/** Looks at everything once, opens and resolves alerts, and tells what changed. */
export async function checkAlerts({ pool, pack, clock, bus }: Context): Promise<void> {
  const now = clock()
  const [cameras, feeds, city, incidents, cutOff] = await Promise.all([
    listCameras(pool, pack),
    listFeeds(pool, now),
    latestCity(pool),
    listIncidents(pool, { open: true, limit: MOST_INCIDENTS }),
    withoutUplink(pool),
  ])
  const names = new Map(pack.districts.map((district) => [district.code, district.name]))
  const commodities = new Map(pack.commodities.map((commodity) => [commodity.code, commodityOf(commodity)]))
  const newest = city.reduce((day, figure) => (figure.day > day ? figure.day : day), '')
  const judged = city.flatMap((figure) => {
    const commodity = commodities.get(figure.commodity)
    const ceiling = ceilingOf(pack, figure.commodity, figure.day)
    return commodity === undefined || ceiling === null || figure.day !== newest
      ? []
      : [{ commodity, median: figure.median, ceiling }]
  })
  const settled = await settleAlerts(
    pool,
    [
      ...districtsDown(cameras, names),
      ...openIncidents(incidents),
      ...lostUplinks(cutOff),
      ...staleFeeds(feeds),
      ...brokenCeilings(judged),
    ],
    now,
  )
  if (settled.opened.length + settled.resolved.length > 0) bus.tell('alerts:changed', settled)
}

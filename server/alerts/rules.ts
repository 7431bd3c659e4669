import type { Incident } from '#contract/outages.ts'
import type { Alert } from '#contract/alert.ts'
import type { Camera } from '#contract/camera.ts'
import type { FeedInfo } from '#contract/feed.ts'

/** A condition that holds now. The same rule and subject is the same alert. */
export type Condition = Pick<Alert, 'rule' | 'subject' | 'severity' | 'facts'>

const DISTRICT_SHARE = 0.5
const DISTRICT_LEAST = 5

/** A district of which at least half the reported cameras, and at least five, are down. */
export function districtsDown(
  cameras: readonly Pick<Camera, 'district' | 'status'>[],
  names: ReadonlyMap<string, string>,
): Condition[] {
  const counts = new Map<string, { known: number; down: number }>()
  for (const { district, status } of cameras) {
    if (district === null || status.state === 'unknown') continue
    const count = counts.get(district) ?? { known: 0, down: 0 }
    counts.set(district, { known: count.known + 1, down: count.down + (status.state === 'down' ? 1 : 0) })
  }
  return [...counts]
    .filter(([, { known, down }]) => down >= DISTRICT_LEAST && down / known >= DISTRICT_SHARE)
    .map(([code, { known, down }]) => ({
      rule: 'district-down',
      subject: code,
      severity: 'critical',
      facts: { district: names.get(code) ?? code, down, known },
    }))
}

/** Feeds that are stale. */
export function staleFeeds(feeds: readonly FeedInfo[]): Condition[] {
  return feeds
    .filter((feed) => feed.state === 'stale')
    .map((feed) => ({
      rule: 'feed-stale',
      subject: feed.id,
      severity: 'warning',
      facts: { title: feed.title },
    }))
}

/** Commodities whose city median is above a binding ceiling (HET) on the newest day. A HAP is a reference and raises none. */
export function brokenCeilings(
  rows: readonly {
    commodity: { code: string; nameId: string; nameEn: string }
    median: number
    ceiling: { kind: string; price: number }
  }[],
): Condition[] {
  return rows
    .filter(({ median, ceiling }) => ceiling.kind === 'HET' && median > ceiling.price)
    .map(({ commodity, median, ceiling }) => ({
      rule: 'ceiling-broken',
      subject: commodity.code,
      severity: 'warning',
      facts: { nameId: commodity.nameId, nameEn: commodity.nameEn, median, ceiling: ceiling.price },
    }))
}

/** One alert for what took several cameras with it, instead of one a camera. */
export function openIncidents(incidents: readonly Incident[]): Condition[] {
  return incidents
    .filter(({ cameras }) => cameras.length > 0)
    .map(({ kind, subject, name, cameras }) => ({
      rule: 'incident',
      subject: `${kind} ${subject}`,
      severity: kind === 'node' ? 'critical' : 'warning',
      facts: { kind, name, cameras: cameras.length },
    }))
}

/** Probers that reach nothing: what they say of cameras is "unknown". */
export function lostUplinks(names: readonly string[]): Condition[] {
  return [...new Set(names)].map((name) => ({
    rule: 'uplink-lost',
    subject: name,
    severity: 'critical',
    facts: { name },
  }))
}

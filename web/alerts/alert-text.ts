import type { Alert } from '#contract/alert.ts'
import { number, rupiah } from '../i18n/format.ts'
import { locale } from '../i18n/index.svelte.ts'
import { t } from './messages.ts'

/** What an alert says, and the page on which to see it. */
export function alertText({ rule, facts, subject }: Alert): { text: string; href: string } {
  const count = (key: string) => number(Number(facts[key] ?? 0))
  if (rule === 'district-down')
    return {
      text: t('districtDown', {
        district: String(facts.district ?? subject),
        down: count('down'),
        known: count('known'),
      }),
      href: `/?district=${encodeURIComponent(subject)}&state=down`,
    }
  if (rule === 'feed-stale')
    return {
      text: t('feedStale', { title: String(facts.title ?? subject) }),
      href: `/feeds?feed=${encodeURIComponent(subject)}`,
    }
  if (rule === 'uplink-lost')
    return { text: t('uplinkLost', { name: String(facts.name ?? subject) }), href: '/cameras?state=unknown' }
  if (rule === 'incident') {
    const texts = { node: 'incidentNode', site: 'incidentSite', subnet: 'incidentSubnet' } as const
    const kind = facts.kind === 'node' || facts.kind === 'site' ? facts.kind : 'subnet'
    return {
      text: t(texts[kind], { name: String(facts.name ?? subject), cameras: count('cameras') }),
      href: kind === 'node' ? '/cameras/topology' : '/cameras/timeline',
    }
  }
  return {
    text: t('ceilingBroken', {
      name: String((locale.current === 'en' ? facts.nameEn : facts.nameId) ?? subject),
      median: rupiah(Number(facts.median ?? 0)),
      ceiling: rupiah(Number(facts.ceiling ?? 0)),
    }),
    href: `/prices/${encodeURIComponent(subject)}`,
  }
}

const RANK: Record<Alert['severity'], number> = { critical: 0, warning: 1, info: 2 }
/** The gravest first, and the newest among equals. */
export const byUrgency = (a: Alert, b: Alert): number =>
  RANK[a.severity] - RANK[b.severity] || b.openedAt.localeCompare(a.openedAt)

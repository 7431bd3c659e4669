import type { PriceRevision, PriceRevisions } from '#contract/prices.ts'

/** The last word of each source, which a correction starts from; what counts comes first. */
export function lastWords({ revisions }: Pick<PriceRevisions, 'revisions'>): PriceRevision[] {
  const last = new Map<string, PriceRevision>()
  for (const revision of revisions) {
    const known = last.get(revision.feed)
    if (known === undefined || known.revision < revision.revision) last.set(revision.feed, revision)
  }
  return [...last.values()].sort((a, b) => Number(b.counts) - Number(a.counts))
}

/** At least twice, or at most half of what is corrected: worth a second look, since a zero is easily lost. */
export const isFar = (price: number, before: number): boolean => price >= 2 * before || 2 * price <= before

/** What a person typed, as a price: 16.500, Rp 16500 and 16,500 are one; null for anything else. */
export function typedPrice(text: string): number | null {
  const bare = text.trim().replace(/^rp\.?\s*/i, '')
  if (!/^\d{1,3}([.,]\d{3})*$|^\d+$/.test(bare)) return null
  const price = Number(bare.replace(/[.,]/g, ''))
  return price >= 1 && price <= 10_000_000 ? price : null
}

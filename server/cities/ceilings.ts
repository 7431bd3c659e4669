import type { Ceiling } from './pack.ts'

/**
 * The ceiling in force for a commodity on a day (YYYY-MM-DD) in a zone: HET before HAP, then the one that
 * began last. A ceiling whose start is not known counts from the year its regulation names, and only
 * where no dated one covers the day.
 */
export function ceilingInForce(
  ceilings: readonly Ceiling[],
  commodityCode: string,
  day: string,
  zone: string,
): Ceiling | undefined {
  const here = ceilings.filter(
    (ceiling) =>
      ceiling.commodityCode === commodityCode && (ceiling.zone === undefined || ceiling.zone === zone),
  )
  const covering = here.filter((ceiling) => covers(ceiling, day))
  const dated = covering.filter((ceiling) => ceiling.validFrom !== undefined)
  return (dated.length > 0 ? dated : covering).sort(bindingAndLatestFirst)[0]
}

/** First day a ceiling can have been in force: its own, else 1 January of its regulation's year. */
export function startOf(ceiling: Ceiling): string | undefined {
  if (ceiling.validFrom !== undefined) return ceiling.validFrom
  const year =
    /\bTahun (\d{4})\b/i.exec(ceiling.regulation)?.[1] ?? /\b(20\d{2})\b/.exec(ceiling.regulation)?.[1]
  return year && `${year}-01-01`
}

function covers(ceiling: Ceiling, day: string): boolean {
  const start = startOf(ceiling)
  return start !== undefined && start <= day && (ceiling.validTo === undefined || day <= ceiling.validTo)
}

function bindingAndLatestFirst(a: Ceiling, b: Ceiling): number {
  if (a.kind !== b.kind) return a.kind === 'HET' ? -1 : 1
  return (startOf(b) ?? '').localeCompare(startOf(a) ?? '')
}

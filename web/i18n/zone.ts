const made = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    made.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  made.set(timeZone, format)
  return format
}

/** What a zone's clock shows at a moment (ms since 1970), as date inputs have it: 2026-11-24T08:30. */
export const localTime = (ms: number, timeZone: string): string =>
  formatOf(timeZone).format(ms).replace(' ', 'T').slice(0, 16)

/**
 * The moment, ISO 8601 in UTC, at which a zone's clock shows a time such as 2026-11-24T08:30.
 * A time that the clock skips is the one before the skip; of two that it shows twice, the first.
 */
export function instantOf(local: string, timeZone: string): string {
  const wanted = Date.parse(`${local}Z`)
  const offset = (ms: number) =>
    Date.parse(`${formatOf(timeZone).format(ms).replace(' ', 'T')}Z`) - Math.floor(ms / 1000) * 1000
  const found = [wanted - offset(wanted - 86_400_000), wanted - offset(wanted + 86_400_000)]
  const [before = wanted, after = wanted] = found
  return new Date(offset(before) === wanted - before ? before : after).toISOString()
}

import { checkPrice } from '#contract/quality/index.ts'
import type { CheckContext, Finding } from '#contract/quality.ts'

/** So many earlier values a check looks back on. */
export const HISTORY_VALUES = 60

export interface DayPrice {
  day: string
  price: number
}

/**
 * Goes through a series from its first day to its last and checks each value against those before it. What is surely wrong
 * does not become what later values are compared with: a fault that stays is a fault on every day.
 * @param series oldest first
 * @param surroundings what else a value is compared with on its day
 */
export function scanSeries(
  series: readonly DayPrice[],
  surroundings: (day: string) => Omit<CheckContext, 'history'>,
): { day: string; price: number; findings: Finding[] }[] {
  const trusted: DayPrice[] = []
  const flagged: { day: string; price: number; findings: Finding[] }[] = []
  for (const { day, price } of series) {
    const findings = checkPrice(price, day, { ...surroundings(day), history: trusted })
    if (findings.length > 0) flagged.push({ day, price, findings })
    if (isSurelyWrong(findings)) continue
    trusted.push({ day, price })
    if (trusted.length > HISTORY_VALUES) trusted.shift()
  }
  return flagged
}

/** A market may leap or go its own way, and stay there; anything else that is grave is a slip. */
export const MAY_BE_TRUE: readonly Finding['check'][] = ['jump', 'outlier']

/** What must not become what later values are compared with. */
export const isSurelyWrong = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity, check }) => severity === 'error' && !MAY_BE_TRUE.includes(check))

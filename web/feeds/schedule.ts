import cronstrue from 'cronstrue'
import 'cronstrue/locales/id'
import { locale } from '../i18n/index.svelte.ts'

/** A cron expression in words of the reader's language, or as it is where it says something unusual. */
export function scheduleInWords(expression: string): string {
  try {
    const words = cronstrue.toString(expression, { locale: locale.current, use24HourTimeFormat: true })
    return words.charAt(0).toLowerCase() + words.slice(1)
  } catch {
    return expression
  }
}

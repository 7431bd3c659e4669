import type { SurveyMarkets, SurveySheet } from '#contract/survey.ts'
import { ApiError, get } from '../live/api.ts'
import {
  dropOld,
  editsOfAccount,
  keepList,
  keepSheet,
  listOf,
  onChange,
  sheetOf,
  sheetsOfAccount,
} from './database.ts'
import { addDays } from './days.ts'
import { withEntries } from './edits.ts'
import type { KeptEdit, KeptSheet } from './model.ts'
import { today } from './today.svelte.ts'
import { dropOldTyping } from './typing.ts'

/** What may have been sent back to be mended is looked for so many days back. */
const DAYS_BACK = 3
/** The server takes nothing of earlier days. */
const KEPT_DAYS = 15
/** A sheet that was read so lately is not read again, ms. */
const FRESH_MS = 10 * 60_000

/** The markets of an account, kept on the phone with the sheets of today that it may fill in. */
export class MarketList {
  days = $state.raw<SurveyMarkets[]>([])
  edits = $state.raw<KeptEdit[]>([])
  #sheets = $state.raw<KeptSheet[]>([])
  problem = $state.raw<unknown>(null)
  readonly #account: number

  constructor(account: number) {
    this.#account = account
  }

  start(): () => void {
    const stop = onChange(() => void this.#readKept())
    void this.#open()
    return stop
  }
  async #open(): Promise<void> {
    await this.#readKept()
    this.days = (await listOf(this.#account))?.days ?? []
  }
  async #readKept(): Promise<void> {
    this.edits = await editsOfAccount(this.#account)
    this.#sheets = await sheetsOfAccount(this.#account)
  }

  async refresh(): Promise<void> {
    try {
      const days = Array.from({ length: DAYS_BACK + 1 }, (_none, back) => addDays(this.today, -back))
      this.days = await Promise.all(days.map((day) => get<SurveyMarkets>(`/api/surveys/markets?day=${day}`)))
      this.problem = null
      await keepList({ account: this.#account, days: this.days })
      const oldest = addDays(this.today, -KEPT_DAYS)
      dropOldTyping(oldest)
      await dropOld(oldest)
      await this.#keepSheets()
    } catch (cause) {
      this.problem = cause
    }
  }
  /** One after the other: a market's network is narrow, and the list is in use meanwhile. */
  async #keepSheets(): Promise<void> {
    const today = this.days[0]
    if (today === undefined) return
    for (const { market, officer, own } of today.markets) {
      if (officer !== null && !own) continue
      const place = { account: this.#account, market: market.code, day: today.day }
      const kept = await sheetOf(place)
      if (kept !== undefined && Date.now() - kept.at < FRESH_MS) continue
      const sheet = await get<SurveySheet>(`/api/surveys/${encodeURIComponent(market.code)}/${today.day}`)
      await keepSheet({
        ...place,
        sheet: { ...sheet, entries: withEntries((await sheetOf(place))?.sheet.entries ?? [], sheet.entries) },
        at: Date.now(),
      })
    }
  }

  /** Edits of a survey that did not reach the server. */
  waiting(market: string, day: string): number {
    return this.edits.filter((kept) => kept.market === market && kept.day === day).length
  }
  /** How many of what is due have an answer: without a connection the server's count is older than the phone's. */
  answered(market: string, day: string, counted: number): number {
    const isOf = (one: { market: string; day: string }) => one.market === market && one.day === day
    const sheet = this.#sheets.find(isOf)?.sheet
    const answered = new Set([
      ...(sheet?.entries ?? []).map(({ commodity }) => commodity),
      ...this.edits.filter(isOf).map(({ edit }) => edit.commodity),
    ])
    const due = sheet?.items ?? []
    return Math.max(counted, due.filter(({ commodity: { code } }) => answered.has(code)).length)
  }
  get today(): string {
    return today.day
  }
  get away(): boolean {
    return this.problem !== null && !(this.problem instanceof ApiError)
  }
}

import { checkSellers, medianOf, needsReason } from '#contract/quality/index.ts'
import type { Finding } from '#contract/quality.ts'
import type { SurveyEntry, SurveyItem, SurveySheet } from '#contract/survey.ts'
import { answerOf, rowState, type RowState } from './edits.ts'
import type { Answer, KeptEdit } from './model.ts'

/** One commodity as the form shows it. */
export interface Row {
  code: string
  item: SurveyItem
  entry: SurveyEntry | undefined
  edits: KeptEdit[]
  state: RowState
  answer: Answer | null
  /** median of the sellers; null where it is not sold, or not answered */
  price: number | null
  findings: Finding[]
  /** it was warned of and has no reason yet */
  unanswered: boolean
}

/** So long a reason must be at least, as the server asks. */
export const REASON_LENGTH = 3

export function rowsOf({ items, entries, day }: SurveySheet, edits: readonly KeptEdit[]): Row[] {
  const standing = new Map(entries.map((entry) => [entry.commodity, entry]))
  return items.map((item) => {
    const { code } = item.commodity
    const entry = standing.get(code)
    const own = edits.filter(({ edit }) => edit.commodity === code)
    const answer = answerOf(own, entry)
    const price = answer === null ? null : medianOf(answer.prices)
    const state = rowState(own, entry)
    const findings = answer === null || isDone(state) ? [] : checkSellers(answer.prices, day, item.context)
    return {
      code,
      item,
      entry,
      edits: own,
      state,
      answer,
      price,
      findings,
      unanswered: isOpenDraft(state) && lacksReason(findings, answer?.insist ?? ''),
    }
  })
}

export const lacksReason = (findings: readonly Finding[], insist: string): boolean =>
  needsReason(findings) && insist.trim().length < REASON_LENGTH

/** Nothing of it can be changed by the officer any more. */
export const isDone = (state: RowState): boolean => state === 'verified' || state === 'published'
/** It has to be looked at again before anything else. */
export const isToMend = (state: RowState): boolean =>
  state === 'sent-back' || state === 'conflict' || state === 'refused'
const isOpenDraft = (state: RowState): boolean => state === 'kept' || state === 'sent'
/** It waits for the officer's answer. */
export const isTodo = ({ state }: Pick<Row, 'state'>): boolean => state === 'none' || isToMend(state)

/** What is to be mended first, the rest in the city's order. */
export const inOrder = (rows: readonly Row[]): Row[] => [
  ...rows.filter(({ state }) => isToMend(state)),
  ...rows.filter(({ state }) => !isToMend(state)),
]

/** The commodity after this one that waits for an answer, from the first again after the last; null: none does. */
export function nextTodo(rows: readonly Row[], code: string | null): string | null {
  const place = rows.findIndex((row) => row.code === code)
  const around = [...rows.slice(place + 1), ...rows.slice(0, Math.max(0, place))]
  return around.find(isTodo)?.code ?? null
}

export interface Summary {
  due: number
  answered: number
  /** to be submitted: answered, open, and no warning without a reason */
  ready: number
  missing: Row[]
  warned: Row[]
  toMend: Row[]
  waiting: number
  /** something was submitted, and nothing that was entered is left to be */
  allSubmitted: boolean
}
/** What a submission would take, and what it would leave. */
export function summaryOf(rows: readonly Row[]): Summary {
  const of = (test: (row: Row) => boolean) => rows.filter(test)
  const warned = of(({ unanswered }) => unanswered)
  const open = of(({ state }) => isOpenDraft(state) || isToMend(state))
  return {
    due: rows.length,
    answered: of((row) => row.state !== 'none').length,
    ready: of(({ state, unanswered }) => isOpenDraft(state) && !unanswered).length,
    missing: of(({ state }) => state === 'none'),
    warned,
    toMend: of(({ state }) => isToMend(state)),
    waiting: of(({ state }) => state === 'kept').length,
    allSubmitted: open.length === 0 && rows.some(({ state }) => state === 'submitted'),
  }
}

import { describe, expect, it } from 'vitest'
import type { EntryState, SurveyEntry, SurveyItem, SurveySheet } from '#contract/survey.ts'
import type { KeptEdit } from './model.ts'
import { inOrder, nextTodo, rowsOf, summaryOf } from './rows.ts'

const DAY = '2026-11-25'
const item = (code: string): SurveyItem => ({
  commodity: { code, nameId: code, nameEn: code, unit: 'kg', category: 'beras' },
  previous: { day: '2026-11-24', price: 16_000 },
  ceiling: null,
  context: {
    range: { min: 6_000, max: 35_000 },
    history: [],
    others: [],
    othersMoved: 0,
    season: [],
    unit: 'kg',
  },
})
const entry = (commodity: string, price: number, state: EntryState, insist = ''): SurveyEntry => ({
  commodity,
  version: 1,
  answer: 'price',
  prices: [price],
  price,
  stock: null,
  note: '',
  photoId: null,
  insist,
  state,
  sentBackReason: '',
  author: 'Ratna',
  device: 'A',
  notedAt: '',
  receivedAt: '',
  verifiedBy: null,
})
const sheet = (codes: string[], entries: SurveyEntry[]): SurveySheet => ({
  id: 1,
  market: { code: 'pasar-besar', name: 'Pasar Besar', level: 'market' },
  day: DAY,
  officer: null,
  own: false,
  locked: false,
  deadline: '',
  items: codes.map(item),
  entries,
})
const rows = (entries: SurveyEntry[], edits: KeptEdit[] = []) =>
  rowsOf(sheet(['a', 'b', 'c', 'd'], entries), edits)

it('warns of a price by the checks of the server, until it has a reason', () => {
  const [low, reasoned, right] = rows([
    entry('a', 1_600, 'draft'),
    entry('b', 1_600, 'draft', 'mutu lain'),
    entry('c', 16_000, 'draft'),
  ])
  expect(low?.findings.map(({ check }) => check)).toEqual(['range'])
  expect([low, reasoned, right].map((row) => row?.unanswered)).toEqual([true, false, false])
})

describe('what comes next', () => {
  it('is the next without an answer, from the first again after the last', () => {
    const all = rows([entry('b', 16_000, 'draft'), entry('d', 16_000, 'submitted')])
    expect([null, 'a', 'b', 'c'].map((code) => nextTodo(all, code))).toEqual(['a', 'c', 'c', 'a'])
  })
  it('is nothing once all are answered', () =>
    expect(
      nextTodo(rows(['a', 'b', 'c', 'd'].map((code) => entry(code, 16_000, 'verified'))), 'd'),
    ).toBeNull())
  it('puts what was sent back first', () =>
    expect(inOrder(rows([entry('c', 16_000, 'sent-back')])).map(({ code }) => code)).toEqual([
      'c',
      'a',
      'b',
      'd',
    ]))
})

it('sums up what a submission takes and leaves', () => {
  const { ready, missing, warned, toMend, answered, due } = summaryOf(
    rows([entry('a', 16_000, 'draft'), entry('b', 1_600, 'draft'), entry('c', 16_000, 'sent-back')]),
  )
  expect({ ready, answered, due }).toEqual({ ready: 1, answered: 3, due: 4 })
  expect([missing, warned, toMend].map((some) => some.map(({ code }) => code))).toEqual([['d'], ['b'], ['c']])
})

it('tells when all that was entered is submitted, and not while something is to be mended', () => {
  const all = (...entries: SurveyEntry[]) => summaryOf(rows(entries)).allSubmitted
  const done = entry('a', 16_000, 'submitted')
  expect([all(), all(done), all(done, entry('b', 16_000, 'published'))]).toEqual([false, true, true])
  expect([all(done, entry('b', 16_000, 'draft')), all(done, entry('b', 16_000, 'sent-back'))]).toEqual([
    false,
    false,
  ])
})

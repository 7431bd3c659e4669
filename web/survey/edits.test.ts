import { describe, expect, it } from 'vitest'
import type { EntryOutcome, SurveyEntry } from '#contract/survey.ts'
import { answerOf, replaceEdits, rowState, settle, withEntries } from './edits.ts'
import type { Answer, KeptEdit } from './model.ts'

const PLACE = { account: 7, market: 'pasar-besar', day: '2026-11-25' }
const NOW = new Date('2026-11-25T00:30:00Z')
const answer = (price: number, more: Partial<Answer> = {}): Answer => ({
  answer: 'price',
  prices: [price],
  stock: null,
  note: '',
  photoId: null,
  photo: null,
  insist: '',
  ...more,
})
const entry = (version: number, price: number, more: Partial<SurveyEntry> = {}): SurveyEntry => ({
  commodity: 'beras',
  version,
  answer: 'price',
  prices: [price],
  price,
  stock: null,
  note: '',
  photoId: null,
  insist: '',
  state: 'draft',
  sentBackReason: '',
  author: 'Ratna',
  device: 'A',
  notedAt: NOW.toISOString(),
  receivedAt: NOW.toISOString(),
  verifiedBy: null,
  ...more,
})
let seq = 0
function edit(clientId: string, price: number, more: Partial<KeptEdit> = {}, base = 0): KeptEdit {
  const { add } = replaceEdits([], undefined, PLACE, {
    answer: answer(price),
    commodity: 'beras',
    clientId,
    now: NOW,
  })
  return { ...add, seq: ++seq, ...more, edit: { ...add.edit, base } }
}
const outcome = (
  clientId: string,
  kind: EntryOutcome['outcome'],
  stands: SurveyEntry | null = null,
  problem: EntryOutcome['problem'] = null,
): EntryOutcome => ({ clientId, commodity: 'beras', outcome: kind, entry: stands, problem })
const again = { answer: answer(17_000), commodity: 'beras', clientId: 'new', now: NOW }

describe('an answer given anew', () => {
  it('replaces what never left the phone', () => {
    const unsent = edit('a', 16_000, {}, 2)
    const { drop, add } = replaceEdits([unsent], entry(2, 15_000), PLACE, again)
    expect(drop).toEqual([unsent])
    expect(add.edit).toMatchObject({ base: 2, prices: [17_000], clientId: 'new' })
  })
  it('follows what may be stored by now', () => {
    const onItsWay = edit('a', 16_000, { attempted: true }, 2)
    const { drop, add } = replaceEdits([onItsWay], entry(2, 15_000), PLACE, again)
    expect(drop).toEqual([])
    expect(add.edit.base).toBe(3)
  })
  it('decides a conflict on what stands', () => {
    const conflict = edit('a', 16_000, { attempted: true, state: 'conflict', standing: entry(5, 15_500) })
    const { drop, add } = replaceEdits([conflict], entry(5, 15_500), PLACE, again)
    expect(drop).toEqual([conflict])
    expect(add.edit.base).toBe(5)
  })
})

describe('what the server answered', () => {
  it.each(['stored', 'duplicate'] as const)('%s: the edit leaves the phone', (kind) => {
    const sent = edit('a', 16_000)
    const stands = entry(1, 16_000)
    expect(settle([sent], [outcome('a', kind, stands)], String)).toEqual({
      drop: [sent],
      change: [],
      entries: [stands],
    })
  })
  it('conflict: both values are kept to choose from', () => {
    const sent = edit('a', 16_000)
    const stands = entry(1, 15_000)
    expect(settle([sent], [outcome('a', 'conflict', stands)], String).change).toEqual([
      { ...sent, state: 'conflict', standing: stands },
    ])
  })
  it('conflict with the same value is none', () => {
    const sent = edit('a', 16_000)
    expect(settle([sent], [outcome('a', 'conflict', entry(1, 16_000))], String)).toMatchObject({
      drop: [sent],
      change: [],
    })
  })
  it('leaves the last of several conflicts', () => {
    const [first, last] = [edit('a', 16_000), edit('b', 17_000, {}, 1)]
    const stands = entry(4, 15_000)
    const settled = settle(
      [first, last],
      [outcome('a', 'conflict', stands), outcome('b', 'conflict', stands)],
      String,
    )
    expect(settled.drop).toEqual([first])
    expect(settled.change).toEqual([{ ...last, state: 'conflict', standing: stands }])
  })
  it('begins anew what followed a refused edit', () => {
    const [first, next] = [edit('a', 16_000), edit('b', 17_000, { attempted: true }, 1)]
    const settled = settle(
      [first, next],
      [outcome('a', 'refused', null, 'unknown-photo'), outcome('b', 'conflict')],
      () => 'c',
    )
    expect(settled.change[0]).toMatchObject({ state: 'refused', problem: 'unknown-photo' })
    expect(settled.change[1]).toMatchObject({
      state: 'waiting',
      attempted: false,
      edit: { clientId: 'c', base: 0 },
    })
  })
  it('touches nothing of which the server said nothing', () =>
    expect(settle([edit('a', 1)], [], String)).toEqual({ drop: [], change: [], entries: [] }))
})

it.each([
  [[], undefined, 'none'],
  [[edit('a', 1)], entry(1, 1), 'kept'],
  [[edit('a', 1, { state: 'conflict' })], entry(1, 1), 'conflict'],
  [[edit('a', 1, { state: 'refused' }), edit('b', 1)], undefined, 'kept'],
  [[], entry(1, 1), 'sent'],
  [[], entry(1, 1, { state: 'sent-back' }), 'sent-back'],
  [[], entry(1, 1, { state: 'published' }), 'published'],
] as const)('the state of a row (%#)', (edits, stands, state) => expect(rowState(edits, stands)).toBe(state))

it('shows the newest answer', () => {
  expect(answerOf([edit('a', 16_000)], entry(1, 15_000))?.prices).toEqual([16_000])
  expect(answerOf([], entry(1, 15_000))?.prices).toEqual([15_000])
  expect(answerOf([], undefined)).toBeNull()
})

it('never puts an older version over a newer one', () => {
  const after = withEntries([entry(3, 16_000)], [entry(2, 15_000), entry(1, 1, { commodity: 'gula' })])
  expect(after.map(({ commodity, version }) => [commodity, version])).toEqual([
    ['beras', 3],
    ['gula', 1],
  ])
})

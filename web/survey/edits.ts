import type { EntryOutcome, SurveyEntry } from '#contract/survey.ts'
import type { Answer, KeptEdit, NewEdit, Place } from './model.ts'

/** Where an entry is, from the phone to the page that all see. */
export type RowState =
  'none' | 'kept' | 'conflict' | 'refused' | 'sent' | 'sent-back' | 'submitted' | 'verified' | 'published'

/** @param edits of the commodity, in their order */
export function rowState(edits: readonly KeptEdit[], entry: SurveyEntry | undefined): RowState {
  const last = edits.at(-1)
  if (last !== undefined) return last.state === 'waiting' ? 'kept' : last.state
  if (entry === undefined) return 'none'
  return entry.state === 'draft' ? 'sent' : entry.state
}

/** What an officer has answered of a commodity: the newest edit, or what the server has. */
export function answerOf(edits: readonly KeptEdit[], entry: SurveyEntry | undefined): Answer | null {
  const last = edits.at(-1)
  const from = last?.edit ?? entry
  if (from === undefined) return null
  const { answer, prices, stock, note, photoId, insist } = from
  return { answer, prices: [...prices], stock, note, photoId, insist, photo: last?.photo ?? null }
}

/**
 * What becomes of a commodity's kept edits when the officer answers anew: those that never left the phone are replaced.
 * One that left it may be stored by now, so the new one follows it.
 * @param edits of the commodity, in their order
 */
export function replaceEdits(
  edits: readonly KeptEdit[],
  entry: SurveyEntry | undefined,
  place: Place,
  { answer, commodity, clientId, now }: { answer: Answer; commodity: string; clientId: string; now: Date },
): { drop: KeptEdit[]; add: NewEdit } {
  const onTheirWay = edits.filter(({ state, attempted }) => state === 'waiting' && attempted)
  const before = onTheirWay.at(-1)
  const { photo, ...fields } = answer
  return {
    drop: edits.filter((one) => !onTheirWay.includes(one)),
    add: {
      ...place,
      edit: {
        ...fields,
        clientId,
        commodity,
        base: before === undefined ? (entry?.version ?? 0) : before.edit.base + 1,
        notedAt: now.toISOString(),
      },
      photo,
      attempted: false,
      state: 'waiting',
      problem: null,
      standing: null,
    },
  }
}

export interface Settled {
  drop: KeptEdit[]
  change: KeptEdit[]
  /** what stands on the server now */
  entries: SurveyEntry[]
}

/**
 * What the server's answers come to. A conflict with what the officer says too is none; of several conflicts of one
 * commodity the last one is left to decide on.
 */
export function settle(
  sent: readonly KeptEdit[],
  outcomes: readonly EntryOutcome[],
  newId: () => string,
): Settled {
  const byId = new Map(outcomes.map((outcome) => [outcome.clientId, outcome]))
  const conflicts = new Map<string, KeptEdit>()
  const settled: Settled = { drop: [], change: [], entries: [] }
  const entries = new Map<string, SurveyEntry>()
  for (const kept of sent) {
    const outcome = byId.get(kept.edit.clientId)
    if (outcome === undefined) continue
    const { entry } = outcome
    if (entry !== null) entries.set(entry.commodity, entry)
    if (outcome.outcome === 'stored' || outcome.outcome === 'duplicate') settled.drop.push(kept)
    else if (outcome.outcome === 'refused')
      settled.change.push({ ...kept, state: 'refused', problem: outcome.problem })
    else if (entry !== null && saysTheSame(kept, entry)) settled.drop.push(kept)
    else {
      const before = conflicts.get(kept.edit.commodity)
      if (before !== undefined) settled.drop.push(before)
      conflicts.set(kept.edit.commodity, kept)
    }
  }
  for (const kept of conflicts.values()) {
    const standing = entries.get(kept.edit.commodity) ?? null
    settled.change.push(
      standing === null
        ? // What it followed was refused: there is nothing to be in conflict with.
          { ...kept, attempted: false, edit: { ...kept.edit, clientId: newId(), base: 0 } }
        : { ...kept, state: 'conflict', standing },
    )
  }
  settled.entries = [...entries.values()]
  return settled
}

const saysTheSame = ({ edit, photo }: KeptEdit, entry: SurveyEntry): boolean =>
  photo === null &&
  (['answer', 'stock', 'note', 'photoId', 'insist'] as const).every((key) => edit[key] === entry[key]) &&
  edit.prices.join() === entry.prices.join()

/** Entries with newer versions put in their places. */
export function withEntries(entries: readonly SurveyEntry[], newer: readonly SurveyEntry[]): SurveyEntry[] {
  const byCode = new Map(entries.map((entry) => [entry.commodity, entry]))
  for (const entry of newer)
    if (entry.version >= (byCode.get(entry.commodity)?.version ?? 0)) byCode.set(entry.commodity, entry)
  return [...byCode.values()]
}

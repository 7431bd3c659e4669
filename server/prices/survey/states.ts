import type { Role } from '#contract/viewer.ts'
import type { EntryState, SurveyState } from '#contract/survey.ts'

/** What can happen to an entry. */
export const ACTIONS = ['enter', 'submit', 'verify', 'send-back', 'publish'] as const
export type Action = (typeof ACTIONS)[number]

/**
 * What becomes of an entry; what is not listed is refused.
 * Whoever changes what was submitted takes it back: it is a draft again and has to be submitted anew, so that no verifier
 * signs a value that is being changed. What was sent back has to be entered again before it can be submitted. What was
 * verified and not published yet may still be sent back; what was published is changed by a correction only.
 */
const NEXT: Record<Action, Partial<Record<SurveyState, EntryState>>> = {
  enter: { none: 'draft', draft: 'draft', submitted: 'draft', 'sent-back': 'draft' },
  submit: { draft: 'submitted' },
  verify: { submitted: 'verified' },
  'send-back': { submitted: 'sent-back', verified: 'sent-back' },
  publish: { verified: 'published' },
}

/** The state after an action; null where the state does not allow it. */
export const nextState = (action: Action, state: SurveyState): EntryState | null =>
  NEXT[action][state] ?? null

/** Who fills surveys in, who decides on them, who sees what was not published yet, who may see how far surveys are. */
export const FILLERS: Role[] = ['surveyor', 'market-officer', 'admin']
export const DECIDERS: Role[] = ['market-officer', 'admin']
export const INSIDERS: Role[] = ['surveyor', 'market-officer', 'leader', 'admin']
export const READERS: Role[] = ['viewer', 'operator', 'surveyor', 'market-officer', 'leader', 'admin']

const WHO: Record<Action, readonly Role[]> = {
  enter: FILLERS,
  submit: FILLERS,
  verify: DECIDERS,
  'send-back': DECIDERS,
  publish: DECIDERS,
}
export const mayDo = (action: Action, role: Role): boolean => WHO[action].includes(role)

/** From what asks most of somebody to what is done. */
const RANK: readonly EntryState[] = ['sent-back', 'draft', 'submitted', 'verified', 'published']

/** The least of its entries' states; 'none' without any. */
export function leastState(states: readonly EntryState[]): SurveyState {
  return RANK.find((state) => states.includes(state)) ?? 'none'
}

/** Somebody as a record names them. */
export interface Person {
  /** null: the account is gone, or there never was one */
  id: number | null
  name: string
}
/** By the account; where a record has none, by the name. */
export const isSame = (record: Person, person: { accountId: number | null; name: string }): boolean =>
  record.id === null ? record.name === person.name : record.id === person.accountId

/** What of an entry tells whether somebody may decide on it. */
export interface Decided {
  state: EntryState
  version: number
  /** who fills in its survey, and all who ever entered or submitted it */
  hands: readonly Person[]
  locked: boolean
  /** a finding of its price was settled as an error */
  wrong: boolean
}
export type Refusal = 'own' | 'changed' | 'state' | 'locked' | 'wrong'

/**
 * Why somebody may not decide on the entry that they saw; null: they may. Sending back needs no other person and no open
 * month, since nothing comes to stand by it.
 */
export function refusalOf(
  action: 'verify' | 'send-back',
  entry: Decided | undefined,
  seen: number,
  who: { accountId: number | null; name: string },
): Refusal | null {
  if (entry === undefined) return 'state'
  if (entry.version !== seen) return 'changed'
  if (nextState(action, entry.state) === null) return 'state'
  if (action === 'verify' && entry.hands.some((hand) => isSame(hand, who))) return 'own'
  if (action === 'verify' && entry.locked) return 'locked'
  if (action === 'verify' && entry.wrong) return 'wrong'
  return null
}

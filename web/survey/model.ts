import type { CityInfo } from '#contract/city.ts'
import type { Viewer } from '#contract/viewer.ts'
import type { EntryEdit, EntryOutcome, SurveyEntry, SurveyMarkets, SurveySheet } from '#contract/survey.ts'

/** One account's survey of a market on a day, as the phone keeps it. */
export interface Place {
  account: number
  market: string
  day: string
}

/** What an officer answers of a commodity. */
export type Answer = Pick<EntryEdit, 'answer' | 'prices' | 'stock' | 'note' | 'photoId' | 'insist'> & {
  /** client id of a photo that waits on the phone and is sent before the answer */
  photo: string | null
}

/** An edit that was not taken by the server yet. */
export interface KeptEdit extends Place {
  /** order in which they were made */
  seq: number
  edit: EntryEdit
  photo: string | null
  /** it was on its way at least once: the server may have it */
  attempted: boolean
  state: 'waiting' | 'conflict' | 'refused'
  problem: EntryOutcome['problem'] | 'photo' | 'invalid'
  /** what stands on the server instead, where it is in conflict */
  standing: SurveyEntry | null
}
export type NewEdit = Omit<KeptEdit, 'seq'>

export interface KeptSheet extends Place {
  sheet: SurveySheet
  /** ms since 1970 at which the server gave it */
  at: number
}

/** What the officer wants of a survey as a whole, and what the server said to it. */
export interface Mark extends Place {
  /** to be submitted once all edits are sent */
  submit: boolean
  /** another officer's name, where the survey is theirs */
  officer: string | null
  /** commodities that a submission left, since a reason is missing */
  left: string[]
}

/** What is being typed, so that a page that is closed loses nothing. */
export interface Typing extends Place, Omit<Answer, 'answer' | 'insist'> {
  commodity: string
  digits: string
}

export interface KeptPhoto extends Place {
  clientId: string
  blob: Blob
}
export interface KeptList {
  account: number
  /** the newest day first */
  days: SurveyMarkets[]
}
export interface KeptAccount {
  viewer: Viewer
  city: CityInfo
}

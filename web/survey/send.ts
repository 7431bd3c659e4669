import type { Viewer } from '#contract/viewer.ts'
import type { EntryEdits, EntryOutcome, SubmitResult } from '#contract/survey.ts'
import { ask, refusal, type Answered } from './ask.ts'
import {
  changeEdits,
  editsOf,
  editsOfAccount,
  keepMark,
  keepSettled,
  keepSheet,
  markOf,
  photoOf,
  toSubmit,
} from './database.ts'
import { settle } from './edits.ts'
import type { KeptEdit, Place } from './model.ts'
import { uuid } from './uuid.ts'

/** all: nothing waits any more; later: the server did not answer, or is busy; signed-out: somebody has to sign in. */
export type Sent = 'all' | 'later' | 'signed-out'

/** As many as the contract takes at once. */
const AT_ONCE = 200
const LOCK = 'survey-send'

/**
 * Sends what waits of whoever is signed in: photos, then edits in their order, then submissions. Each edit happens once
 * however often it is sent, since it keeps its id. One sender at a time among the pages and the worker, where the browser
 * can see to it.
 * @param account sends for this account only; undefined: for whoever is signed in
 */
export async function sendKept(account?: number): Promise<Sent> {
  const run = () => sendAll(account)
  return 'locks' in navigator ? navigator.locks.request(LOCK, run) : run()
}

async function sendAll(account: number | undefined): Promise<Sent> {
  try {
    const viewer = await whoLooks()
    if (viewer?.accountId == null || (account !== undefined && viewer.accountId !== account))
      return 'signed-out'
    const waiting = (await editsOfAccount(viewer.accountId)).filter(({ state }) => state === 'waiting')
    const places = new Map<string, Place>()
    for (const { account, market, day } of [...waiting, ...(await toSubmit(viewer.accountId))])
      places.set(`${market} ${day}`, { account, market, day })
    let sent: Sent = 'all'
    for (const place of places.values()) {
      const result = await sendSurvey(place)
      if (result === 'signed-out') return result
      if (result === 'later') sent = result
    }
    return sent
  } catch (error) {
    // Nobody answered: that is what the queue is for.
    if (error instanceof TypeError || error instanceof DOMException) return 'later'
    throw error
  }
}

async function whoLooks(): Promise<Viewer | null> {
  const answer = await ask('GET', '/api/session')
  if (!answer.ok) throw new TypeError(`the session could not be read: ${answer.status}`)
  return (answer.body as { viewer: Viewer | null }).viewer
}

const pathOf = ({ market, day }: Place, tail: string) =>
  `/api/surveys/${encodeURIComponent(market)}/${day}/${tail}`

/** What an answer that is no success means for what was sent. */
function verdict({ status, again }: Answered): Exclude<Sent, 'all'> | 'refused' {
  if (status === 401) return 'signed-out'
  // Too many requests pass with time; too many photos of a survey do not.
  return status >= 500 || (status === 429 && again) ? 'later' : 'refused'
}

async function sendSurvey(place: Place): Promise<Sent> {
  const waiting = (await editsOf(place)).filter(({ state }) => state === 'waiting')
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    const batch: KeptEdit[] = []
    for (const kept of waiting.slice(from, from + AT_ONCE)) {
      const ready = await withPhoto(place, kept)
      if (ready === 'later' || ready === 'signed-out') return ready
      if (ready !== 'refused') batch.push({ ...ready, attempted: true })
    }
    const sent = await sendBatch(place, batch)
    if (sent !== 'all') return sent
  }
  return submit(place)
}

/** The edit with its photo on the server; 'refused' where the server does not take the photo, or the survey is another's. */
async function withPhoto(place: Place, kept: KeptEdit): Promise<KeptEdit | 'refused' | Exclude<Sent, 'all'>> {
  if (kept.photo === null || kept.edit.photoId !== null) return kept
  const photo = await photoOf(kept.photo)
  const answer =
    photo === undefined
      ? null
      : await ask('POST', `${pathOf(place, 'photos')}?clientId=${photo.clientId}`, photo.blob)
  if (answer?.ok === true) {
    const { id } = answer.body as { id: number }
    const ready = { ...kept, edit: { ...kept.edit, photoId: id } }
    await changeEdits({ change: [ready] })
    return ready
  }
  const why = answer === null ? 'refused' : verdict(answer)
  if (why !== 'refused') return why
  if (answer === null || !(await isAnothers(place, answer)))
    await changeEdits({ change: [{ ...kept, state: 'refused', problem: 'photo' }] })
  return why
}

async function sendBatch(place: Place, batch: KeptEdit[]): Promise<Sent> {
  if (batch.length === 0) return 'all'
  // Before it leaves: should the answer be lost, whoever edits anew knows that the server may have it.
  await changeEdits({ change: batch })
  const answer = await ask('POST', pathOf(place, 'entries'), {
    device: deviceName(navigator.userAgent),
    entries: batch.map(({ edit }) => edit),
  } satisfies EntryEdits)
  if (answer.ok) {
    const { entries } = answer.body as { entries: EntryOutcome[] }
    await keepSettled(place, settle(batch, entries, uuid))
    return 'all'
  }
  const why = verdict(answer)
  if (why !== 'refused') return why
  if (await isAnothers(place, answer)) return 'all'
  if (batch.length === 1) {
    await changeEdits({ change: batch.map((kept) => ({ ...kept, state: 'refused', problem: 'invalid' })) })
    return 'all'
  }
  // One of them is not to the server's liking: the others must not wait for it.
  for (const kept of batch) {
    const sent = await sendBatch(place, [kept])
    if (sent !== 'all') return sent
  }
  return 'all'
}

/** Marks the survey as another officer's where that is why nothing was taken. */
async function isAnothers(place: Place, answer: Answered): Promise<boolean> {
  const { reason, officer } = refusal(answer)
  if (answer.status !== 409 || reason !== 'other-officer') return false
  await keepMark({ ...(await markOf(place)), officer: String(officer) })
  return true
}

async function submit(place: Place): Promise<Sent> {
  const mark = await markOf(place)
  if (!mark.submit || mark.officer !== null || (await editsOf(place)).length > 0) return 'all'
  const answer = await ask('POST', pathOf(place, 'submit'), {})
  const why = answer.ok ? null : verdict(answer)
  if (why === 'later' || why === 'signed-out') return why
  if (answer.ok) {
    const { refused, ...sheet } = answer.body as SubmitResult
    await keepSheet({ ...place, sheet, at: Date.now() })
    await keepMark({ ...mark, submit: false, left: refused.map(({ commodity }) => commodity) })
  } else if (!(await isAnothers(place, answer))) await keepMark({ ...mark, submit: false })
  return 'all'
}

/** What the trail calls the phone: its system and browser, without more than is needed. */
export function deviceName(userAgent: string): string {
  const system = SYSTEMS.find((name) => userAgent.includes(name)) ?? ''
  const browser = /(?:Edg|OPR|SamsungBrowser|Firefox|Chrome|CriOS|Version)\/\d+/.exec(userAgent)?.[0] ?? ''
  return `${system} ${browser}`.trim() || 'browser'
}
/** Phones first: an Android calls itself a Linux, too. */
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS X', 'Linux']

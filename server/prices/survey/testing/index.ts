import { randomUUID } from 'node:crypto'
import type { EntryEdit, EntryOutcome, SurveyEntry, SurveySheet } from '#contract/survey.ts'
import { testCameras, type Send } from '../../../cameras/testing/index.ts'
import { ensureSurveyFeed } from '../feed.ts'

export const MARKET = 'pasar-besar'
export const DAY = '2026-07-15'
/** 08:00 in Malang, an hour before the deadline. */
export const MORNING = Date.parse('2026-07-15T08:00:00+07:00')
export const CHILI = 'cabai-rawit-merah'

/** The whole server with the city's markets and commodities, and somebody of each kind. */
export async function testSurveys() {
  const server = await testCameras()
  const { pool, pack, context } = server
  await pool.query(
    `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    [
      pack.markets.map(({ code }) => code),
      pack.markets.map(({ name }) => name),
      pack.markets.map(({ level }) => level),
    ],
  )
  await pool.query(
    `INSERT INTO commodity (code, name_id, name_en, unit, category, position)
     SELECT code, "nameId", "nameEn", unit, category, position FROM jsonb_to_recordset($1::jsonb)
       AS t(code text, "nameId" text, "nameEn" text, unit text, category text, position integer)`,
    [JSON.stringify(pack.commodities)],
  )
  await ensureSurveyFeed(context)
  const told: { city: unknown[]; quotes: { price: number; feed: string }[] }[] = []
  context.bus.on('prices:changed', (fact) => told.push(fact))
  const clear = async () => {
    server.time.now = MORNING
    told.length = 0
    await pool.query(
      `TRUNCATE survey, survey_due, quote, market_price, quote_day_city, indicator_due, quality_due,
         quality_flag, price_lock, price_setting CASCADE`,
    )
  }
  return {
    ...server,
    told,
    clear,
    siti: surveyor(server.as('surveyor', 'Siti')),
    budi: surveyor(server.as('surveyor', 'Budi')),
    officer: desk(server.as('market-officer', 'Rina')),
    other: desk(server.as('market-officer', 'Joko')),
  }
}
export type TestSurveys = Awaited<ReturnType<typeof testSurveys>>

export const edit = (rest: Partial<EntryEdit> = {}): EntryEdit => ({
  clientId: randomUUID(),
  commodity: CHILI,
  base: 0,
  answer: 'price',
  prices: [60_000],
  stock: null,
  note: '',
  photoId: null,
  insist: '',
  notedAt: new Date(MORNING).toISOString(),
  ...rest,
})

/** Somebody with a phone. */
export function surveyor(send: Send) {
  const at = (market = MARKET, day = DAY) => `/api/surveys/${market}/${day}`
  const raw = (entries: EntryEdit[], url = at(), device = 'phone') =>
    send('POST', `${url}/entries`, { device, entries })
  return {
    send,
    raw,
    enter: async (entries: EntryEdit[], url = at(), device = 'phone'): Promise<EntryOutcome[]> => {
      const { status, json } = await raw(entries, url, device)
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`)
      return (json as { entries: EntryOutcome[] }).entries
    },
    submit: (url = at()) => send('POST', `${url}/submit`),
    takeOver: (url = at()) => send('POST', `${url}/take-over`),
    sheet: async (url = at()): Promise<SurveySheet> => (await send('GET', url)).json as SurveySheet,
  }
}

/** Somebody who decides, and may fill in, too. */
export function desk(send: Send) {
  const decide =
    (verb: 'verify' | 'send-back', more: object = {}) =>
    (surveyId: number, ...entries: Pick<SurveyEntry, 'commodity' | 'version'>[]) =>
      send('POST', `/api/surveys/${verb}`, {
        entries: entries.map(({ commodity, version }) => ({ surveyId, commodity, version })),
        ...more,
      })
  return {
    ...surveyor(send),
    verify: decide('verify'),
    sendBack: decide('send-back', { reason: 'Ask once more, please.' }),
  }
}

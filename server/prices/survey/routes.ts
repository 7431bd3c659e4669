import { Type } from 'typebox'
import {
  EntryEdits,
  EntryOutcome,
  SubmitResult,
  SurveyMarkets,
  SurveyReminders,
  SurveySheet,
} from '#contract/survey.ts'
import { Day } from '#contract/basic.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { DayQuery } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { listMarkets, remind } from './coverage.ts'
import { decidingRoutes } from './deciding-routes.ts'
import { enterEdits, takeOver } from './enter.ts'
import { photoRoutes } from './photo-routes.ts'
import { begunDay, marketIn, requireOpen } from './place.ts'
import { readSheet } from './sheet.ts'
import { FILLERS } from './states.ts'
import { submit } from './submit.ts'

/** 200 entries with the longest notes in the largest script. */
const MAX_BODY = 2 * 1024 * 1024
const Place = Type.Object({ market: Type.String({ maxLength: 100 }), day: Day })

/** The city's own surveys: what an officer's phone reads and sends; who decides on it is in deciding-routes.ts. */
export function surveyRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context
  const today = () => dayOf(clock(), pack.city.timezone)
  const placeOf = ({ market, day }: { market: string; day: string }) => ({
    market: marketIn(pack, market).code,
    day: begunDay(day, today()),
  })
  const config = { access: FILLERS }

  app.get(
    '/api/surveys/markets',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'List the markets with the state of their surveys of a day',
        querystring: DayQuery,
        response: { 200: SurveyMarkets },
      },
    },
    async ({ query, viewer }) =>
      listMarkets(context, begunDay(query.day ?? today(), today()), actorOf(viewer)),
  )

  app.get(
    '/api/surveys/reminders',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'Say which surveys of today are due soon or late for whoever asks',
        response: { 200: SurveyReminders },
      },
    },
    async ({ viewer }) => remind(context, actorOf(viewer)),
  )

  app.get(
    '/api/surveys/:market/:day',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'Read a survey with all that is needed to fill it in without a connection',
        params: Place,
        response: { 200: SurveySheet },
      },
    },
    async ({ params, viewer }) => readSheet(context, placeOf(params), actorOf(viewer)),
  )

  app.post(
    '/api/surveys/:market/:day/entries',
    {
      config,
      bodyLimit: MAX_BODY,
      schema: {
        tags: ['surveys'],
        summary: 'Store entries of a survey, each once',
        description:
          'Send the edits of one commodity in their order. An edit whose `base` is not the version that stands is a conflict and changes nothing. 409 with `reason: other-officer` where the survey has to be taken over first.',
        params: Place,
        body: EntryEdits,
        response: { 200: Type.Object({ entries: Type.Array(EntryOutcome) }) },
      },
    },
    async ({ params, body, viewer }) => ({
      entries: await enterEdits(context, placeOf(params), body, actorOf(viewer)),
    }),
  )

  app.post(
    '/api/surveys/:market/:day/submit',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'Submit what was entered; values that look wrong and have no reason stay drafts',
        params: Place,
        response: { 200: SubmitResult },
      },
    },
    async ({ params, viewer }) => {
      const place = placeOf(params)
      await requireOpen(pool, place.day, today())
      const refused = await submit(context, place, actorOf(viewer))
      return { ...(await readSheet(context, place, actorOf(viewer))), refused }
    },
  )

  app.post(
    '/api/surveys/:market/:day/take-over',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: "Take over another officer's survey; the trail names both",
        params: Place,
        response: { 200: SurveySheet },
      },
    },
    async ({ params, viewer }) => {
      const place = placeOf(params)
      await requireOpen(pool, place.day, today())
      await takeOver(context, place, actorOf(viewer))
      return readSheet(context, place, actorOf(viewer))
    },
  )

  photoRoutes(app, context)
  decidingRoutes(app, context)
}

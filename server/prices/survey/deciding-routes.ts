import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import {
  Coverage,
  Id,
  SendBackRequest,
  SurveyEvent,
  Verification,
  VerifyRequest,
  VerifyResult,
} from '#contract/survey.ts'
import { actorOf } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { DayQuery } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { readCoverage } from './coverage.ts'
import { sendBack, verify } from './decide.ts'
import { readDue, writeDue } from './due-settings.ts'
import { begunDay, marketIn, personOf } from './place.ts'
import { publishDay } from './publish.ts'
import { DECIDERS, INSIDERS, READERS } from './states.ts'
import { readTrail } from './trail.ts'
import { readVerification } from './verification.ts'

/** 2,000 references to entries. */
const MAX_BODY = 1024 * 1024
const Due = Type.Object(
  { commodities: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 500 }) },
  closed,
)
const MarketQuery = Type.Object({ market: Type.String({ maxLength: 100 }) }, closed)

/** What a desk does with surveys: verify, send back, publish, and see who reported what. */
export function decidingRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context
  const today = () => dayOf(clock(), pack.city.timezone)
  const config = { access: DECIDERS }

  app.get(
    '/api/surveys/verification',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'Read what waits for a verifier, what deviates most first, with the evidence',
        description: 'Without `day` all of which something may still wait: the last two weeks.',
        querystring: DayQuery,
        response: { 200: Verification },
      },
    },
    async ({ query: { day }, viewer }) =>
      readVerification(context, day === undefined ? day : begunDay(day, today()), actorOf(viewer)),
  )

  app.post(
    '/api/surveys/verify',
    {
      config,
      bodyLimit: MAX_BODY,
      schema: {
        tags: ['surveys'],
        summary: 'Verify entries as they were seen; publishes them at once where the settings say so',
        body: VerifyRequest,
        response: { 200: VerifyResult },
      },
    },
    async ({ body, viewer }) => verify(context, body, actorOf(viewer)),
  )

  app.post(
    '/api/surveys/send-back',
    {
      config,
      bodyLimit: MAX_BODY,
      schema: {
        tags: ['surveys'],
        summary: 'Send entries back to their officer, with the reason',
        body: SendBackRequest,
        response: { 200: VerifyResult },
      },
    },
    async ({ body, viewer }) => sendBack(context, body, actorOf(viewer)),
  )

  app.post(
    '/api/surveys/publish',
    {
      config,
      schema: {
        tags: ['surveys'],
        summary: 'Publish all that was verified of a day',
        body: Type.Object({ day: Day }, closed),
        response: { 200: Type.Object({ published: Type.Integer() }) },
      },
    },
    async ({ body, viewer }) => ({
      published: await publishDay(context, begunDay(body.day, today()), personOf(actorOf(viewer))),
    }),
  )

  app.get(
    '/api/surveys/:id/trail',
    {
      config: { access: INSIDERS },
      schema: {
        tags: ['surveys'],
        summary: 'Read all that happened to a survey',
        params: Type.Object({ id: Id }),
        response: { 200: Type.Object({ events: Type.Array(SurveyEvent) }) },
      },
    },
    async ({ params: { id } }) => {
      const events = await readTrail(pool, id)
      if (events.length === 0) throw new AppError('not-found', `There is no survey ${id}.`)
      return { events }
    },
  )

  app.get(
    '/api/prices/coverage',
    {
      config: { access: READERS },
      schema: {
        tags: ['surveys'],
        summary: 'Read which market has reported what of a day by when',
        querystring: DayQuery,
        response: { 200: Coverage },
      },
    },
    async ({ query }) => readCoverage(context, begunDay(query.day ?? today(), today())),
  )

  app.get(
    '/api/settings/survey-due',
    {
      config: { access: READERS },
      schema: {
        tags: ['surveys'],
        summary: 'Read which commodities are due at a market',
        querystring: MarketQuery,
        response: { 200: Due },
      },
    },
    async ({ query }) => ({ commodities: await readDue(pool, pack, marketIn(pack, query.market).code) }),
  )

  app.put(
    '/api/settings/survey-due',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['surveys'],
        summary: "Set which commodities are due at a market; none: the city's list",
        querystring: MarketQuery,
        body: Due,
        response: { 200: Due },
      },
    },
    async ({ query, body, viewer }) => {
      const market = marketIn(pack, query.market).code
      await writeDue(pool, pack, market, body.commodities, { actor: actorOf(viewer).actor, now: clock() })
      return { commodities: await readDue(pool, pack, market) }
    },
  )
}

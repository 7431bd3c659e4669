import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import { Id, Uuid } from '#contract/survey.ts'
import { actorOf, type KnownViewer } from '../../access/viewer.ts'
import type { App, Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { dayOf } from '../days.ts'
import type { Place } from './enter.ts'
import { MAX_PHOTO_BYTES, PHOTO_TYPES, redraw } from './photos.ts'
import { findSent, keepPhoto, photoIds, readPhoto } from './photos-store.ts'
import { begunDay, marketIn, personOf, requireOpen, requireOwn } from './place.ts'
import { FILLERS, INSIDERS } from './states.ts'
import { lockOrBegin } from './store.ts'

/** Two of each commodity: more is a mistake, or fills the disk. */
const MOST_PHOTOS = 100

export function photoRoutes(app: App, context: Context): void {
  const { pool, pack, clock } = context
  const today = () => dayOf(clock(), pack.city.timezone)

  // In a scope of its own: pictures are taken nowhere else.
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      PHOTO_TYPES,
      { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post(
      '/api/surveys/:market/:day/photos',
      {
        config: { access: FILLERS },
        bodyLimit: MAX_PHOTO_BYTES,
        schema: {
          tags: ['surveys'],
          summary:
            'Store a photo of a survey, once; it is drawn anew, without what it says of place and device',
          consumes: PHOTO_TYPES,
          params: Type.Object({ market: Type.String({ maxLength: 100 }), day: Day }),
          querystring: Type.Object({ clientId: Uuid }, closed),
          response: { 200: Type.Object({ id: Id }) },
        },
      },
      async ({ params, query, body, viewer }) => {
        const place = { market: marketIn(pack, params.market).code, day: begunDay(params.day, today()) }
        await requireOpen(pool, place.day, today())
        const jpeg = await redraw(body as Buffer)
        return { id: await storePhoto(context, place, { clientId: query.clientId, jpeg }, actorOf(viewer)) }
      },
    )
    done()
  })

  app.get(
    '/api/surveys/photos/:id',
    {
      config: { access: INSIDERS },
      schema: {
        tags: ['surveys'],
        summary: 'Read a photo of a survey',
        params: Type.Object({ id: Id }),
        response: { 200: { content: { 'image/jpeg': { schema: Type.Unknown() } } } },
      },
    },
    async ({ params: { id } }, reply) => {
      const jpeg = await readPhoto(pool, id)
      if (jpeg === undefined) throw new AppError('not-found', `There is no photo ${id}.`)
      return reply
        .type('image/jpeg')
        .header('cache-control', 'private, max-age=86400, immutable')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'inline')
        .send(jpeg)
    },
  )
}

async function storePhoto(
  { pool, clock }: Pick<Context, 'pool' | 'clock'>,
  { market, day }: Place,
  { clientId, jpeg }: { clientId: string; jpeg: Buffer },
  viewer: KnownViewer,
): Promise<number> {
  const [who, now] = [personOf(viewer), clock()]
  return withTransaction(pool, async (client) => {
    const survey = await lockOrBegin(client, market, day, who, now)
    const sent = await findSent(client, clientId, survey.id)
    if (sent !== undefined) return sent
    requireOwn(survey, viewer)
    if ((await photoIds(client, survey.id)).size >= MOST_PHOTOS)
      throw new AppError('too-many', `A survey has at most ${MOST_PHOTOS} photos.`)
    const id = await keepPhoto(client, { surveyId: survey.id, clientId, jpeg, author: who }, now)
    if (id === null)
      throw new AppError('conflict', 'This id is of a photo of another survey: give the photo its own.')
    return id
  })
}

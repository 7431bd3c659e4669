import type { App, Context } from '../context.ts'
import { CameraIds } from './camera-ids.ts'
import { Intake } from './intake.ts'
import { pushRoutes, type PushDeps } from './push.ts'
import { replayRejects, type Reread } from './replay.ts'
import { feedRoutes } from './routes.ts'
import { PriceNames } from './validate.ts'

export interface Ingest {
  intake: Intake
  ids: CameraIds
  names: PriceNames
  routes(app: App): void
}

/** Every way in shares one intake. */
export function createIngest(context: Context, { feedOfKey }: Pick<PushDeps, 'feedOfKey'>): Ingest {
  const intake = new Intake(context)
  const ids = new CameraIds(context.pool)
  const names = new PriceNames(context.pack)
  // A kept payload is read as the push form; what a pull feed's reader refused comes again with its next run.
  const reread: Reread = (_feedId, payload) => [payload]
  return {
    intake,
    ids,
    names,
    routes(app) {
      pushRoutes(app, context, { intake, ids, names, feedOfKey })
      feedRoutes(app, context, (feedId, wanted) =>
        replayRejects(context, { intake, ids, names, reread }, feedId, wanted),
      )
    },
  }
}

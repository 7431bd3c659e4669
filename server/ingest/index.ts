import type { App, Context } from '../context.ts'
import { CameraIds } from './camera-ids.ts'
import { Intake } from './intake.ts'
import { Listings } from './listings.ts'
import type { ConfiguredPull } from './pull/index.ts'
import { pushRoutes, type PushDeps } from './push.ts'
import { replayRejects } from './replay.ts'
import { feedRoutes } from './routes.ts'
import { PriceNames } from './validate.ts'

export interface Ingest {
  intake: Intake
  ids: CameraIds
  names: PriceNames
  listings: Listings
  /** the feeds that are read on a schedule, by id: their readers and mappings read rejects again */
  pulls: Map<string, ConfiguredPull>
  routes(app: App): void
}

/** Every way in shares one intake. */
export function createIngest(context: Context, { feedOfKey }: Pick<PushDeps, 'feedOfKey'>): Ingest {
  const ids = new CameraIds(context.pool)
  const ingest: Ingest = {
    intake: new Intake(context),
    ids,
    names: new PriceNames(context.pack),
    listings: new Listings(context, ids),
    pulls: new Map(),
    routes(app) {
      pushRoutes(app, context, { ...ingest, feedOfKey })
      feedRoutes(app, context, (feedId, wanted) => replayRejects(context, ingest, feedId, wanted))
    },
  }
  return ingest
}

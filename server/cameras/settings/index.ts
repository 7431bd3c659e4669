import type { App, Context } from '../../context.ts'
import { configRoutes } from './config-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { viewRoutes } from './view-routes.ts'

export { effectiveSettings, isProbeable, watchesOf } from './effective.ts'
export { noCamera } from './edits.ts'
export { markJudged } from './judged.ts'
export { CameraId, EDITORS } from './schemas.ts'
export { readContract, readSharedSettings, type SharedSettings } from './settings-store.ts'

export function cameraSettingsRoutes(app: App, context: Context): void {
  configRoutes(app, context)
  settingsRoutes(app, context)
  viewRoutes(app, context)
}

import type { App, Context } from '../context.ts'
import type { Access } from './index.ts'
import { accountRoutes } from './account-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export function accessRoutes(app: App, context: Context, access: Access): void {
  sessionRoutes(app, context, access)
  accountRoutes(app, access)
  deviceRoutes(app, access)
  keyRoutes(app, access)
}

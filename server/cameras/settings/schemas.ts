import { Type } from 'typebox'
import type { Role } from '#contract/viewer.ts'

/** PostgreSQL's integer ends there. */
export const CameraId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
/** Who changes cameras, and so sees their addresses. */
export const EDITORS: Role[] = ['operator', 'admin']

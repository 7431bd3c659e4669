import type { Context } from '../../context.ts'
import { readStatuses } from '../statuses.ts'
import type { Saved } from './save.ts'

/** After commit: the pages list anew, the prober renews its plan, and who is judged by another shows what is known. */
export async function announce({ bus, pool }: Pick<Context, 'bus' | 'pool'>, saved: Saved): Promise<void> {
  if (saved.changed.length === 0) return
  bus.tell('cameras:listed', null)
  bus.tell('probe:configured', { cameraIds: saved.changed })
  if (saved.judged.length > 0) bus.tell('cameras:changed', await readStatuses(pool, saved.judged))
}

import type { Subject } from './subject.ts'
import type { Probed } from './types.ts'

/** The picture's slower rhythm, beside the checks. */
export interface PictureCheck {
  /** A camera that answers may be looked at, where that is due; `judged` is called where the picture changes what is said. */
  offer(subject: Subject, probed: Probed, judged: () => void): void
}

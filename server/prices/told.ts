/** When a revision was said: the source's own time, or that at which it came in. What was said last is in force. */
export const TOLD = 'coalesce(q.reported_at, q.received_at)'

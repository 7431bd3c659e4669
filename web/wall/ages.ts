import { live } from '../live/live.svelte.ts'

/** Seconds since the freshest camera feed's last good run; null where none was ever read. */
export function cameraAge(): number | null {
  const ages = live.feeds
    .filter((feed) => feed.domain === 'cameras' && feed.mode !== 'history')
    .flatMap((feed) => live.feedAge(feed.id) ?? [])
  return ages.length === 0 ? null : Math.min(...ages)
}

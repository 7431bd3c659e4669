/** Why a video does not go on: said in words by the player. */
export type VideoFault = 'network' | 'media' | 'stalled' | 'unsupported'

/** A video that plays in an element until it is stopped; stopping frees all that it held. */
export interface Playing {
  /** seconds behind what happens; null where it is not known */
  latency(): number | null
  stop(): void
}
/**
 * Plays what an address gives in an element.
 * @param failed is called once where it cannot go on by itself; `stop` has to be called all the same
 */
export type Transport = (
  video: HTMLVideoElement,
  url: string,
  failed: (fault: VideoFault) => void,
) => Promise<Playing>

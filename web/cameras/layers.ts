import type { Layer } from '#contract/camera.ts'

/** What a probe goes through, in order. The page knows the contract by its types only. */
export const LAYERS_IN_ORDER: readonly Layer[] = ['network', 'protocol', 'stream', 'picture']

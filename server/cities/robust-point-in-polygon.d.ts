declare module 'robust-point-in-polygon' {
  /** -1 inside, 0 on the edge, 1 outside. */
  export default function locate(
    ring: readonly (readonly [number, number])[],
    point: [number, number],
  ): -1 | 0 | 1
}

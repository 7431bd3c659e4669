/** Room between two labels of a line, px. */
const ROOM = 6

/**
 * On which line, from 0 on, a label stands that begins at a place: the first on which none before it reaches as far. Labels
 * come from left to right.
 * @param ends how far the labels of each line reach; the label is added
 */
export function lineFor(ends: number[], start: number, width: number): number {
  const free = ends.findIndex((end) => end <= start)
  const line = free < 0 ? ends.length : free
  ends[line] = start + width + ROOM
  return line
}

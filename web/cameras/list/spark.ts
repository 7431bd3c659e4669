/**
 * Lines of an SVG for latencies (ms, oldest first; null: the check failed): the measured ones from zero up, and a mark at
 * the foot for each that failed. A value without neighbours is a dot.
 */
export function sparkPaths(
  values: readonly (number | null)[],
  width: number,
  height: number,
): { line: string; failures: string } {
  const highest = Math.max(1, ...values.map((value) => value ?? 0))
  let [line, failures] = ['', '']
  values.forEach((value, index) => {
    const x = (2 + (index / Math.max(1, values.length - 1)) * (width - 4)).toFixed(1)
    if (value === null) failures += `M${x} ${height}v-6`
    else {
      const y = (height - 2 - (value / highest) * (height - 4)).toFixed(1)
      line += `${(values[index - 1] ?? null) === null ? 'M' : 'L'}${x} ${y}h.01`
    }
  })
  return { line, failures }
}

export interface Difference {
  /** with dots between levels */
  key: string
  before: unknown
  after: unknown
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What differs between two states, key by key, down into objects; what both have alike is left out. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  above = '',
): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    if (isObject(was) || isObject(is))
      return differences(isObject(was) ? was : {}, isObject(is) ? is : {}, `${above}${key}.`)
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ key: above + key, before: was, after: is }]
  })
}

/** PostgreSQL's text takes neither the zero character nor half a surrogate pair; both are kept as U+FFFD. */
export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD')

/** As storableText, for JSON, where such characters stand as escapes: "\\u0000" with two strokes is plain text. */
export function storableJson(payload: unknown): string {
  return JSON.stringify(payload ?? null).replace(
    /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g,
    (escape, named: string) => (named.length === 1 ? escape : '\uFFFD'),
  )
}

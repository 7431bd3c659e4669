const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The type that a file of this name is sent with; null: not of a kind that is taken. */
export function typeOf(name: string): string | null {
  if (/\.xlsx$/i.test(name)) return XLSX
  return /\.(csv|txt)$/i.test(name) ? 'text/csv' : null
}
/** What a file holds now: it may change on disk before it is applied. Rejects where it cannot be read. */
export async function held(file: File, type: string): Promise<Blob> {
  return new Blob([await file.arrayBuffer()], { type })
}

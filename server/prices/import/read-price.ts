import { readRupiah } from '../rupiah.ts'
import { textOf, type Cell } from './cells.ts'
import { splitMeasure } from './measure.ts'

export interface ReadCell {
  /** rupiah as written, "none" where the file says that there is none, undefined where it can't be read */
  value: number | 'none' | undefined
  /** where the cell itself names one: "14.500/kg" */
  measure: string | null
}

const NONE = /^(n\.?\/?a\.?|#n\/a|nihil|kosong|tidak ada|tdk ada|null|none|libur|tutup|x|\.+|-+)$/i

/** Reads a price as offices write it: 14500, "Rp12,072", "16.500", "Rp 14.500,-", "14.500/kg"; 0, "-" and "kosong" are none. */
export function readPrice(cell: Cell | undefined): ReadCell {
  if (typeof cell === 'number') return { value: cell < 0 ? undefined : readRupiah(cell), measure: null }
  const text = textOf(cell)
  if (text === '' || NONE.test(text)) return { value: 'none', measure: null }
  const whole = readRupiah(text)
  if (whole !== undefined || text.length > 60) return { value: whole, measure: null }
  const { name, measure } = splitMeasure(text)
  return { value: measure === null ? undefined : readRupiah(name), measure }
}

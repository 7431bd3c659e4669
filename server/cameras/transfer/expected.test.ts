import { describe, expect, it } from 'vitest'
import { inIndonesian } from '../../../web/cameras/expected.ts'
import { targetFaults } from '../probe/targets.ts'
import { BLANK, readCells } from './cells.ts'
import { COLUMNS, TARGETS, type ColumnName } from './columns.ts'

const untranslated = (faults: readonly { expected: string }[]) =>
  faults.map(({ expected }) => expected).filter((expected) => inIndonesian(expected) === null)

describe('what was expected, as the page tells it in Indonesian', () => {
  it('is known for whatever a cell of an import is refused for', () => {
    const columns = Object.keys(COLUMNS) as ColumnName[]
    const cells = Object.fromEntries(columns.map((column) => [column, '9,9 \u0007'.repeat(2001)]))
    const { faults } = readCells({ row: 2, cells }, BLANK, new Map())
    expect(faults.map(({ column }) => column).sort()).toEqual([...columns].sort())
    expect(untranslated(faults)).toEqual([])
  })
  it('is known for each kind of address', () => {
    const kinds = Object.values(TARGETS)
    const faults = targetFaults(Object.fromEntries(kinds.map((kind) => [kind, 'gopher://u:p@'])))
    expect(faults).toHaveLength(kinds.length)
    expect(untranslated([...faults, ...targetFaults({ http: 'http://user:secret@10.0.0.1/' })])).toEqual([])
  })
  it('names the row and the bounds', () => {
    expect(inIndonesian('once in the file; it is in row 4 already')).toContain('baris 4')
    expect(inIndonesian('a number of degrees from -90 to 90')).toBe('angka derajat dari -90 sampai 90')
  })
  it('is left as it is where it is not known', () => expect(inIndonesian('must be an integer')).toBeNull())
})

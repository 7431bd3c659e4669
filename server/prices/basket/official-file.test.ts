import { describe, expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { writeXlsx } from '../../tables/table.ts'
import { readOfficialFile } from './official-file.ts'

const read = (...lines: string[]) => readOfficialFile(Buffer.from(lines.join('\n')))
const faultOf = async (file: Promise<unknown>): Promise<AppError> => {
  const error = await file.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof AppError)) throw new Error('it was read')
  return error
}

describe('a file of an official series', () => {
  it('reads months, weeks of months and days, with titles above', async () => {
    expect(
      await read(
        'Indeks Perkembangan Harga;;',
        'Kota Malang;;',
        'Periode;Nilai (%);Keterangan',
        'Minggu ke-2 Januari 2026;1,25;cabai rawit',
        'M1 Januari 2026;-0,4;',
        '2026-02;0.75;',
        'Maret 2026;2%;',
        '2026-04-06;3;',
        'Mei 2026;-;belum terbit',
        ';;',
      ),
    ).toEqual([
      { day: '2026-01-01', value: -0.4, note: '' },
      { day: '2026-01-08', value: 1.25, note: 'cabai rawit' },
      { day: '2026-02-01', value: 0.75, note: '' },
      { day: '2026-03-01', value: 2, note: '' },
      { day: '2026-04-06', value: 3, note: '' },
    ])
  })
  it('reads a spreadsheet', async () => {
    const bytes = await writeXlsx(
      {
        columns: [
          { header: 'periode', kind: 'text' },
          { header: 'nilai', kind: 'number' },
        ],
        rows: [
          ['2026-02', 1.5],
          ['2026-01', -2],
        ],
        notes: [],
      },
      { sheet: 'IPH', notesSheet: 'Catatan' },
    )
    expect((await readOfficialFile(bytes)).map(({ day, value }) => [day, value])).toEqual([
      ['2026-01-01', -2],
      ['2026-02-01', 1.5],
    ])
  })
  it('names every row and field that cannot be read', async () => {
    const error = await faultOf(
      read(
        'periode,nilai,keterangan',
        'kemarin,1,',
        '2026-13,2,',
        '2026-01,banyak,',
        '2026-02,1,',
        '2026-02,2,',
        `2026-03,1,${'x'.repeat(501)}`,
      ),
    )
    expect(error.kind).toBe('bad-input')
    expect(error.message).toBe('Row 2, periode: "kemarin" is no period.')
    expect(error.details['rows']).toMatchObject([
      { row: 2, field: 'periode' },
      { row: 3, field: 'periode' },
      { row: 4, field: 'nilai', message: '"banyak" is no number.' },
      { row: 6, field: 'periode', message: '2026-02-01 stands in the file twice.' },
      { row: 7, field: 'keterangan' },
    ])
  })
  it.each([
    ['no header', ['2026-01,1']],
    ['nothing below it', ['periode,nilai']],
    ['only months that are not out yet', ['periode,nilai', '2026-01,']],
  ])('%s: says what is missing', async (_name, lines) => {
    const error = await faultOf(read(...lines))
    expect(error.kind).toBe('bad-input')
    expect(error.details['expected']).toBeTypeOf('string')
  })
  it('a fifth week of a month that has none is no period', async () => {
    const error = await faultOf(read('periode,nilai', 'Minggu ke-5 Februari 2026,1'))
    expect(error.details['field']).toBe('periode')
  })
})

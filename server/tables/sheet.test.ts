import { expect, it } from 'vitest'
import { readSheets } from './sheet.ts'
import { writeXlsx } from './table.ts'

const limits = { maxRows: 10_000, maxColumns: 10 }
const book = (rows: number) =>
  writeXlsx(
    { columns: [{ header: 'Harga', kind: 'integer' }], rows: Array(rows).fill([8_000]), notes: [] },
    { sheet: 'Harga', notesSheet: 'Catatan' },
  )

it('spreadsheets are read one after the other, whatever became of the one before', async () => {
  const files = { large: await book(10_000), broken: Buffer.from('PK\u0003\u0004'), small: await book(1) }
  const ended: string[] = []
  const read = (name: keyof typeof files) =>
    readSheets(files[name], limits).finally(() => void ended.push(name))
  const [large, broken, small] = await Promise.allSettled([read('large'), read('broken'), read('small')])
  expect(large).toMatchObject({ value: [{ name: 'Harga' }] })
  expect(broken.status).toBe('rejected')
  expect(small).toMatchObject({ value: [{ name: 'Harga', rows: [['Harga'], [8_000]] }] })
  expect(ended).toEqual(['large', 'broken', 'small'])
})

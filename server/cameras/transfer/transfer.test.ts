import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportResult } from '#contract/camera-list.ts'
import { open } from '../probe/secrets.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'
import { MAX_BYTES, readCameraFile } from './read-file.ts'
import { neutral, plain, writeCsv, writeXlsx, XLSX_TYPE, type Table } from '../../tables/table.ts'

/** A spreadsheet of these rows, by hand: no writer would write them. */
async function sheet(rows: string): Promise<Buffer> {
  const table = { columns: [{ header: 'stream_id', kind: 'text' as const }], rows: [['a']], notes: [] }
  const files = unzipSync(await writeXlsx(table, { sheet: 'a', notesSheet: '' }))
  const path =
    Object.keys(files).find((name) => /worksheets\/sheet1?\.xml$|worksheets\/.*1\.xml$/.test(name)) ?? ''
  const text = strFromU8(files[path] as Uint8Array)
  files[path] = strToU8(text.replace('</sheetData>', `${rows}</sheetData>`))
  return Buffer.from(zipSync(files))
}
const read = (text: string) => readCameraFile(Buffer.from(text))

describe('a file', () => {
  it.each([
    ['commas', 'stream_id,name,latitude\na,"Alun, alun",-7.98'],
    ['semicolons and a mark of order', '\uFEFFSTREAM ID;Nama;Lintang\r\na;Alun, alun;-7,98\r\n'],
    ['tabs', 'stream-id\tnama\tlat\na\tAlun, alun\t-7,98\n\n'],
  ])('with %s is read', async (_name, text) => {
    const { rows, unknownColumns } = await read(text)
    expect(unknownColumns).toEqual([])
    expect(rows).toMatchObject([{ row: 2, cells: { stream_id: 'a', name: 'Alun, alun' } }])
    expect(rows[0]?.cells.latitude).toMatch(/^-7[.,]98$/)
  })
  it('says which columns mean nothing, and counts empty lines', async () => {
    const { rows, unknownColumns } = await read('stream_id,warna,,nama\na,x,,A\n\n,,,\nb,x,,B')
    expect([unknownColumns, rows.map(({ row }) => row)]).toEqual([['warna'], [2, 5]])
  })
  it.each([
    ['without stream_id', 'nama\nA', 'bad-input', 'stream_id'],
    ['with a column twice', 'stream_id,nama,name\na,b,c', 'bad-input', 'name'],
    ['of nothing', '', 'bad-input', 'stream_id'],
    ['with an open quote', 'stream_id,name\na,"b', 'bad-input', 'body'],
  ])('%s is refused', async (_name, text, kind, field) => {
    await expect(read(text)).rejects.toMatchObject({ kind, details: { field } })
  })
  it.each([
    ['not in UTF-8', Buffer.from([0x73, 0xff, 0x0a]), 'bad-input'],
    ['that only looks like a spreadsheet', Buffer.from('PK\u0003\u0004 no archive at all'), 'bad-input'],
    ['that is an archive of something else', Buffer.from(zipSync({ 'a.txt': strToU8('a') })), 'bad-input'],
    [
      'that unfolds to 100 times what it is',
      Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(70_000_000) })),
      'too-large',
    ],
    ['of line ends', Buffer.from(`stream_id${'\n'.repeat(100_001)}`), 'too-large'],
    ['of too many rows', Buffer.from(`stream_id\n${'a\n'.repeat(20_001)}`), 'too-large'],
  ])('%s is refused', async (_name, bytes, kind) => {
    await expect(readCameraFile(bytes)).rejects.toMatchObject({ kind })
  })
})

describe('a spreadsheet of a kilobyte', () => {
  it.each([
    ['a cell far away', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'],
    ['a row without end', '<row r="1e12"><c r="A3"><v>1</v></c></row>'],
  ])(
    'with %s does not fill the memory of the server',
    async (_name, row) => {
      await expect(readCameraFile(await sheet(row))).rejects.toMatchObject({ kind: 'too-large' })
    },
    20_000,
  )
})

describe('a table', () => {
  const table: Table = {
    columns: [
      { header: 'stream_id', kind: 'text' },
      { header: 'name', kind: 'text' },
      { header: 'latitude', kind: 'number' },
    ],
    rows: [
      ['=1+1', '@SUM(A1)', -7.98],
      ['+62', "'quoted'", null],
      ['-x', 'Alun "alun"; kota', 0],
    ],
    notes: ['=note'],
  }
  it('holds no formula as CSV', () => {
    const lines = parse(writeCsv(table, { delimiter: ';', decimal: ',' }), {
      bom: true,
      delimiter: ';',
      relax_column_count: true,
    }) as string[][]
    expect(lines).toEqual([
      ['stream_id', 'name', 'latitude'],
      ["'=1+1", "'@SUM(A1)", '-7,98'],
      ["'+62", "'quoted'", ''],
      ["'-x", 'Alun "alun"; kota', '0'],
      [''],
      ["'=note"],
    ])
  })
  it.each(['=1', '+1', '-1', '@a', "'a", 'a', ''])('gives back %j', (text) => {
    expect(plain(neutral(text))).toBe(text)
  })
  it('is read back from a spreadsheet', async () => {
    const { rows } = await readCameraFile(
      await writeXlsx({ ...table, notes: [] }, { sheet: 'cameras', notesSheet: '' }),
    )
    expect(rows.map(({ cells }) => cells)).toEqual([
      { stream_id: '=1+1', name: '@SUM(A1)', latitude: '-7.98' },
      { stream_id: '+62', name: "'quoted'", latitude: '' },
      { stream_id: '-x', name: 'Alun "alun"; kota', latitude: '0' },
    ])
  })
})

describe('an import', () => {
  let server: TestCameras
  let [viewer, operator, admin]: Send[] = []
  beforeAll(async () => {
    server = await testCameras({ MAX_CAMERAS: '300' })
    ;[viewer, operator, admin] = [server.as('viewer'), server.as('operator'), server.as('admin')]
    await server.pool.query(`INSERT INTO node (code, name, kind) VALUES ('SW-1', 'Switch', 'switch')`)
  })
  afterAll(() => server.close())
  const send = async (text: string | Buffer, apply: boolean, who = admin, type = 'text/csv') => {
    const answer = await who?.('POST', `/api/cameras/import?apply=${apply}`, text, type)
    return { status: answer?.status, json: answer?.json, result: answer?.json as ImportResult }
  }
  const HEADER = 'stream_id;nama;alamat;lintang;bujur;pemilik;kelompok;induk;aktif;rtsp;interval_seconds'
  /** 253 rows, four of them faulty: lines 12, 102, 202 and 254 */
  const FAULTY: Record<number, string> = {
    10: 'cam-10;Kamera 10;;-97,98;112,63;;;;;;',
    100: 'cam-100;;;;;;;;;;',
    200: 'cam-1;Kamera 1 lagi;;;;;;;;;',
    252: 'cam-252;Kamera 252;;;;;;SW-9;mungkin;rtsp://user:secret@10.0.0.1/1;2',
  }
  const row = (index: number) =>
    FAULTY[index] ??
    `cam-${index};Kamera ${index};Jl. Ijen ${index};-7,9${100 + index};112,63;Dishub;Utara;SW-1;ya;rtsp://10.0.0.${index % 250}/1;60`
  const FILE = [HEADER, ...Array.from({ length: 253 }, (_, index) => row(index))].join('\r\n')

  it('is tried first: it says of each of 253 rows what it would do, of four why nothing, and does nothing', async () => {
    const { status, result } = await send(FILE, false)
    expect(status).toBe(200)
    expect(result).toMatchObject({
      applied: false,
      counts: { create: 249, change: 0, unchanged: 0, refuse: 4 },
      unknownColumns: [],
    })
    expect(result.rows).toHaveLength(253)
    const refused = result.rows.filter(({ action }) => action === 'refuse')
    expect(
      refused.map(({ row, streamId, faults }) => [row, streamId, faults.map(({ column }) => column)]),
    ).toEqual([
      [12, 'cam-10', ['latitude']],
      [102, 'cam-100', ['name']],
      [202, 'cam-1', ['stream_id']],
      [254, 'cam-252', ['parent', 'enabled', 'interval_seconds']],
    ])
    expect(refused[2]?.faults[0]?.expected).toContain('row 3')
    expect((await server.pool.query('SELECT FROM camera')).rowCount).toBe(0)
    expect(server.told).toEqual([])
  })
  it('makes the good rows cameras, with the history of each, and is nothing new the second time', async () => {
    const { result } = await send(FILE, true)
    expect(result).toMatchObject({ applied: true, counts: { create: 249, refuse: 4 } })
    const { rows } = await server.pool.query(
      `SELECT count(*)::int AS cameras, count(district)::int AS placed, count(parent_id)::int AS hung,
         (SELECT count(*)::int FROM camera_current WHERE judged) AS judged,
         (SELECT count(*)::int FROM camera_change WHERE action = 'import' AND actor = 'the-admin') AS changes FROM camera`,
    )
    expect(rows).toEqual([
      { cameras: 249, placed: expect.any(Number) as number, hung: 249, judged: 249, changes: 249 },
    ])
    expect(server.told.map(({ name }) => name)).toEqual(['cameras:listed', 'probe:configured'])
    server.told.splice(0)
    const again = await send(FILE, true)
    expect(again.result.counts).toEqual({ create: 0, change: 0, unchanged: 249, refuse: 4 })
    expect(server.told).toEqual([])
  })
  it('names what changes, from what to what; an empty cell empties, a column that is not there changes nothing', async () => {
    const file =
      'stream_id,pemilik,induk,aktif,rtsp,snapshot,interval_seconds\ncam-3,,,tidak,,http://10.0.0.3/a.jpg,\ncam-4,Dishub,SW-1,ya,rtsp://10.0.0.4/1,,60'
    const { result } = await send(file, true, operator)
    expect(result.rows.map(({ action }) => action)).toEqual(['change', 'unchanged'])
    expect(result.rows[0]?.changes.sort((a, b) => (a.column < b.column ? -1 : 1))).toEqual([
      { column: 'enabled', from: 'true', to: 'false' },
      { column: 'interval_seconds', from: '60', to: '' },
      { column: 'owner', from: 'Dishub', to: '' },
      { column: 'parent', from: 'SW-1', to: '' },
      { column: 'rtsp', from: 'rtsp://10.0.0.3/1', to: '' },
      { column: 'snapshot', from: '', to: 'http://10.0.0.3/a.jpg' },
    ])
    const { rows } = await server.pool.query(
      `SELECT name, address, owner, parent_id, enabled, targets, settings FROM camera WHERE stream_id = 'cam-3'`,
    )
    expect(rows).toEqual([
      {
        name: 'Kamera 3',
        address: 'Jl. Ijen 3',
        owner: null,
        parent_id: null,
        enabled: false,
        targets: { snapshot: 'http://10.0.0.3/a.jpg' },
        settings: {},
      },
    ])
  })
  it('takes passwords from an administrator only, seals them and shows none', async () => {
    const file = 'stream_id,username,password\ncam-5,admin,hunter2\ncam-6,admin,\ncam-7,,'
    const refused = await send(file, true, operator)
    expect(refused.result.rows.map(({ action, faults }) => [action, faults[0]?.column])).toEqual([
      ['refuse', 'password'],
      ['refuse', 'password'],
      ['unchanged', undefined],
    ])
    const taken = await send(file, true)
    expect(taken.result.rows[0]).toMatchObject({
      action: 'change',
      changes: [{ column: 'password', from: '', to: '***' }],
    })
    expect(JSON.stringify(taken.json)).not.toContain('hunter2')
    const { rows } = await server.pool.query<{ id: number; secret: Buffer }>(
      `SELECT id, secret FROM camera WHERE stream_id = 'cam-5'`,
    )
    expect(open(Buffer.alloc(32, 0x11), rows[0]?.id ?? 0, rows[0]?.secret ?? Buffer.of())).toEqual({
      username: 'admin',
      password: 'hunter2',
    })
    const history = await server.pool.query(`SELECT * FROM camera_change WHERE before ? 'hasSecret'`)
    expect(history.rows).toMatchObject([{ before: { hasSecret: false }, after: { hasSecret: true } }])
  })
  it.each([
    ['csv', 'text/csv'],
    ['xlsx', XLSX_TYPE],
  ])('of what was exported as %s changes nothing', async (format, type) => {
    const exported = await operator?.('GET', `/api/cameras/export?format=${format}`)
    expect(exported?.headers['content-disposition']).toBe(
      `attachment; filename="cameras-malang-2026-07-15.${format}"`,
    )
    const { result } = await send(exported?.bytes ?? Buffer.of(), false, operator, type)
    expect(result).toMatchObject({
      counts: { create: 0, change: 0, unchanged: 249, refuse: 0 },
      unknownColumns: [],
    })
    const file = await readCameraFile(exported?.bytes ?? Buffer.of())
    expect(Object.keys(file.rows[0]?.cells ?? {})).not.toContain('password')
  })
  it('lets in no more cameras than there is room for', async () => {
    const file = ['stream_id,name', ...Array.from({ length: 60 }, (_, index) => `more-${index},More`)].join(
      '\n',
    )
    const { result } = await send(file, false)
    expect(result.counts).toEqual({ create: 51, change: 0, unchanged: 0, refuse: 9 })
  })
  it('is for who changes cameras, of a kind and size that is taken', async () => {
    expect((await send(FILE, false, viewer)).status).toBe(403)
    expect((await viewer?.('GET', '/api/cameras/export'))?.status).toBe(403)
    expect(await send('{}', false, admin, 'application/json')).toMatchObject({
      status: 415,
      json: { field: 'content-type' },
    })
    expect((await send(Buffer.alloc(MAX_BYTES + 1, 'a'), false)).status).toBe(413)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportResult } from '#contract/camera-list.ts'
import { testCameras, type Send, type TestCameras } from '../testing/index.ts'

describe('a file of nodes', () => {
  let server: TestCameras
  let [viewer, admin]: Send[] = []
  beforeAll(async () => {
    server = await testCameras()
    ;[viewer, admin] = [server.as('viewer'), server.as('admin')]
  })
  afterAll(() => server.close())
  const FILE = [
    'kode;nama;jenis;induk;lintang;bujur;tcp',
    // hangs on one that comes later in the file
    'sw-impor-1;Switch 1;switch;jalur-impor;-7,98;112,63;10.20.0.2:80',
    'jalur-impor;Jalur;jalur;;;;',
    'sw-impor-2;Switch 2;kulkas;jalur-impor;;;',
    'sw-impor-3;Switch 3;switch;tidak-ada;;;',
    'a-impor;A;switch;b-impor;;;',
    'b-impor;B;switch;a-impor;;;',
    'sw-impor-1;Lagi;switch;;;;',
    'sw-impor-4;Switch 4;switch;;-7,98;;',
    'sw-impor-5;Switch 5;switch;;;;10.20.0.2',
  ].join('\n')
  const send = async (text: string, apply: boolean, as = admin) => {
    const answer = await as?.('POST', `/api/nodes/import?apply=${apply}`, Buffer.from(text), 'text/csv')
    return { status: answer?.status, result: answer?.json as ImportResult }
  }

  it('says what it would do, does the same, and nothing twice', async () => {
    const dry = await send(FILE, false)
    expect(
      dry.result.rows.map(({ streamId, action, faults }) => [streamId, action, faults[0]?.column]),
    ).toEqual([
      ['sw-impor-1', 'create', undefined],
      ['jalur-impor', 'create', undefined],
      ['sw-impor-2', 'refuse', 'kind'],
      ['sw-impor-3', 'refuse', 'parent'],
      ['a-impor', 'refuse', 'parent'],
      ['b-impor', 'refuse', 'parent'],
      ['sw-impor-1', 'refuse', 'code'],
      ['sw-impor-4', 'refuse', 'longitude'],
      ['sw-impor-5', 'refuse', 'tcp'],
    ])
    const nodes = async () =>
      (
        (await admin?.('GET', '/api/nodes'))?.json as {
          nodes: { code: string; parentId: number | null; id: number }[]
        }
      ).nodes.filter(({ code }) => code.endsWith('impor') || code.startsWith('sw-impor'))
    expect(await nodes()).toEqual([])
    const done = await send(FILE, true)
    expect(done.result).toEqual({ ...dry.result, applied: true })
    const made = await nodes()
    expect(made.map(({ code }) => code)).toEqual(['jalur-impor', 'sw-impor-1'])
    expect(made[1]?.parentId).toBe(made[0]?.id)
    expect((await send(FILE, true)).result.counts).toEqual({ create: 0, change: 0, unchanged: 2, refuse: 7 })
  })
  it('exports what can be imported again, and is for who changes cameras', async () => {
    const file = await admin?.('GET', '/api/nodes/export')
    const again = await send(file?.bytes.toString() ?? '', true)
    expect(again.result.counts).toMatchObject({ create: 0, change: 0, refuse: 0 })
    expect((await send(FILE, false, viewer)).status).toBe(403)
    expect((await viewer?.('GET', '/api/nodes/export'))?.status).toBe(403)
  })
})

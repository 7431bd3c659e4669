import type { PoolClient } from 'pg'
import { Compile } from 'typebox/compile'
import type { ImportResult, ImportRow } from '#contract/camera-list.ts'
import { NODE_KINDS, NodeEdit, type NodeKind } from '#contract/topology.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { readTable, type TableRow } from '../transfer/read-file.ts'
import type { Table } from '../../tables/table.ts'
import { lockTree, readNodes } from './nodes-store.ts'
import { addNode, changeNode } from './nodes.ts'

/** The columns of a file of nodes, in the order in which they are exported, and what else they may be called. */
const COLUMNS = {
  code: ['kode'],
  name: ['nama'],
  kind: ['jenis'],
  parent: ['induk'],
  latitude: ['lintang', 'lat'],
  longitude: ['bujur', 'lng', 'lon'],
  ping: [],
  tcp: [],
  http: [],
} as const satisfies Record<string, readonly string[]>
type ColumnName = keyof typeof COLUMNS
const NAMES = new Map<string, ColumnName>(
  (Object.entries(COLUMNS) as [ColumnName, readonly string[]][]).flatMap(([column, others]) =>
    [column, ...others].map((name) => [name, column]),
  ),
)
const columnOf = (header: string) =>
  NAMES.get(
    header
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
const KINDS: Record<string, NodeKind> = {
  ...Object.fromEntries(NODE_KINDS.map((kind) => [kind, kind])),
  tiang: 'pole',
  jalur: 'link',
  listrik: 'power',
  lainnya: 'other',
}
const edits = Compile(NodeEdit)

type Cells = TableRow<ColumnName>
type Faults = ImportRow['faults']

/**
 * Says of each row of a file of nodes what it would do, or does it: all rows that can be taken in one transaction. A
 * node may hang on one that the file itself brings, wherever that stands. A dry run does the same and takes it back, so
 * that both always say the same. Throws an AppError where the file cannot be read.
 */
export async function importNodes(
  { pool, bus }: Pick<Context, 'pool' | 'bus'>,
  bytes: Buffer,
  apply: boolean,
  actor: string,
): Promise<ImportResult> {
  const file = await readTable(bytes, columnOf, 'code')
  const client = await pool.connect()
  let rows: ImportRow[]
  try {
    await client.query('BEGIN')
    await lockTree(client)
    rows = await takeRows(client, file.rows, actor)
    await client.query(apply ? 'COMMIT' : 'ROLLBACK')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
  if (apply) bus.tell('probe:configured', { cameraIds: [] })
  const counts = { create: 0, change: 0, unchanged: 0, refuse: 0 }
  for (const { action } of rows) counts[action] += 1
  return {
    applied: apply,
    counts,
    unknownColumns: file.unknownColumns,
    rows: rows.sort((a, b) => a.row - b.row),
  }
}

/** Parents first; what is left at the end hangs on nothing that is known. */
async function takeRows(client: PoolClient, rows: readonly Cells[], actor: string): Promise<ImportRow[]> {
  const known = new Map((await readNodes(client)).map((node) => [node.code, node]))
  const ids = new Map([...known].map(([code, { id }]) => [code, id]))
  const first = new Map([...rows].reverse().map(({ row, cells }) => [cells.code ?? '', row]))
  const taken = new Set<string>()
  const done: ImportRow[] = []
  let waiting = [...rows]
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    before = waiting.length
    const later: Cells[] = []
    for (const row of waiting) {
      const { code = '', parent = '' } = row.cells
      if (
        parent !== '' &&
        first.has(parent) &&
        !taken.has(parent) &&
        parent !== code &&
        first.get(code) === row.row
      ) {
        later.push(row)
        continue
      }
      const stored = known.get(code)
      const blank: NodeEdit = {
        code,
        name: '',
        kind: 'other',
        parentId: null,
        latitude: null,
        longitude: null,
        targets: {},
      }
      const current: NodeEdit = stored === undefined ? blank : editOf(stored)
      const { edit, faults } = readNode(row, current, ids)
      const earlier = first.get(code)
      if (earlier !== row.row)
        faults.push({ column: 'code', expected: `once in the file; it is in row ${earlier} already` })
      else taken.add(code)
      const changes = faults.length > 0 ? [] : changesOf(stored === undefined ? null : current, edit, ids)
      if (faults.length === 0 && changes.length > 0)
        faults.push(
          ...(await attempt(client, async () => {
            if (stored === undefined) ids.set(code, await addNode(client, edit, actor))
            else await changeNode(client, stored.id, edit, actor)
          })),
        )
      const action =
        faults.length > 0
          ? 'refuse'
          : stored === undefined
            ? 'create'
            : changes.length > 0
              ? 'change'
              : 'unchanged'
      done.push({
        row: row.row,
        streamId: code,
        name: edit.name,
        action,
        faults,
        changes: faults.length > 0 ? [] : changes,
      })
    }
    waiting = later
  }
  const circle = {
    column: 'parent',
    expected: 'a node that does not hang on this one, and that is there or can be made',
  }
  return [
    ...done,
    ...waiting.map(({ row, cells }): ImportRow => ({
      row,
      streamId: cells.code ?? '',
      name: cells.name ?? '',
      action: 'refuse',
      faults: [circle],
      changes: [],
    })),
  ]
}

/** What the tree itself refuses is a fault of the row, and takes nothing of the others with it. */
async function attempt(client: PoolClient, work: () => Promise<void>): Promise<Faults> {
  await client.query('SAVEPOINT row')
  try {
    await work()
    return []
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT row')
    if (!(error instanceof AppError)) throw error
    const { field, expected } = error.details
    return [
      {
        column:
          typeof field === 'string' ? field.replace('targets.', '').replace('parentId', 'parent') : 'code',
        expected: typeof expected === 'string' ? expected : error.message,
      },
    ]
  }
}

function readNode(
  { cells }: Cells,
  current: NodeEdit,
  ids: ReadonlyMap<string, number>,
): { edit: NodeEdit; faults: Faults } {
  const faults: Faults = []
  const edit: NodeEdit = { ...current, targets: { ...current.targets } }
  if (cells.name !== undefined) edit.name = cells.name
  if (edit.name === '') edit.name = edit.code
  if (cells.kind !== undefined) {
    const kind = cells.kind === '' ? 'other' : KINDS[cells.kind.toLowerCase()]
    if (kind === undefined) faults.push({ column: 'kind', expected: `one of ${NODE_KINDS.join(', ')}` })
    else edit.kind = kind
  }
  if (cells.parent !== undefined) {
    const parentId = cells.parent === '' ? null : ids.get(cells.parent)
    if (parentId === undefined) faults.push({ column: 'parent', expected: 'the code of a node' })
    else edit.parentId = parentId
  }
  for (const column of ['latitude', 'longitude'] as const) {
    const text = cells[column]
    if (text !== undefined) edit[column] = text === '' ? null : Number(text.replace(',', '.'))
  }
  for (const column of ['ping', 'tcp', 'http'] as const) {
    const text = cells[column]
    if (text === undefined) continue
    if (text === '') delete edit.targets[column]
    else edit.targets[column] = text
  }
  if (faults.length === 0 && !edits.Check(edit)) {
    const field =
      edits
        .Errors(edit)[0]
        ?.instancePath.split('/')
        .findLast((part) => part !== '') ?? 'code'
    faults.push({ column: field, expected: EXPECTED[field] ?? 'another value' })
  }
  return { edit, faults }
}
const EXPECTED: Record<string, string> = {
  code: 'letters, digits, dots, hyphens and underscores, at most 60',
  name: 'one line of 1 to 200 characters',
  latitude: 'a number of degrees from -90 to 90',
  longitude: 'a number of degrees from -180 to 180',
}

const editOf = (node: NodeEdit): NodeEdit => ({
  code: node.code,
  name: node.name,
  kind: node.kind,
  parentId: node.parentId,
  latitude: node.latitude,
  longitude: node.longitude,
  targets: node.targets,
})

/** A node as the cells of a file. */
function cellsOf(
  edit: NodeEdit,
  codes: ReadonlyMap<number, string>,
): Record<ColumnName, string | number | null> {
  const { code, name, kind, parentId, latitude, longitude, targets } = edit
  return {
    code,
    name,
    kind,
    parent: parentId === null ? null : (codes.get(parentId) ?? null),
    latitude,
    longitude,
    ping: targets.ping ?? null,
    tcp: targets.tcp ?? null,
    http: targets.http ?? null,
  }
}

function changesOf(
  before: NodeEdit | null,
  after: NodeEdit,
  ids: ReadonlyMap<string, number>,
): ImportRow['changes'] {
  const codes = new Map([...ids].map(([code, id]) => [id, code]))
  const now = cellsOf(after, codes)
  const was = before === null ? null : cellsOf(before, codes)
  return (Object.keys(COLUMNS) as ColumnName[]).flatMap((column) => {
    const [from, to] = [String(was?.[column] ?? ''), String(now[column] ?? '')]
    return from === to ? [] : [{ column, from, to }]
  })
}

/** All nodes as a table that can be imported again. */
export async function nodesTable({ pool }: Pick<Context, 'pool'>): Promise<Table> {
  const nodes = await readNodes(pool)
  const codes = new Map(nodes.map(({ id, code }) => [id, code]))
  const columns = Object.keys(COLUMNS) as ColumnName[]
  return {
    columns: columns.map((header) => ({
      header,
      kind: header === 'latitude' || header === 'longitude' ? 'number' : 'text',
    })),
    rows: nodes.map((node) => {
      const cells = cellsOf(node, codes)
      return columns.map((column) => cells[column])
    }),
    notes: [],
  }
}

import { Line } from '#contract/basic.ts'
import { CameraEdit, type CameraEdit as Edit } from '#contract/camera-list.ts'
import { ProbeSettings } from '#contract/probing.ts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Credentials } from '../probe/types.ts'
import { TARGET_COLUMNS, TARGETS, type ColumnName } from './columns.ts'
import type { FileRow } from './read-file.ts'

export interface CellFault {
  column: ColumnName
  expected: string
}
export interface ReadRow {
  edit: Edit
  credentials: Credentials | undefined
  faults: CellFault[]
}

/** A camera of which a file says nothing. */
export const BLANK: Edit = {
  name: '',
  address: null,
  latitude: null,
  longitude: null,
  owner: null,
  vendor: null,
  group: null,
  parentId: null,
  enabled: true,
  targets: {},
  settings: {},
}

const line = Compile(Line)
const address = Compile(CameraEdit.properties.targets)
const interval = Compile(ProbeSettings.properties.intervalSeconds)
const typed = Compile(Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }))

const WORDS = new Map<string, boolean>([
  ...['1', 'true', 'yes', 'y', 'ya', 'aktif'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'n', 'tidak', 'nonaktif'].map((word) => [word, false] as const),
])
/** With a point or a comma before its decimals. */
const numberOf = (text: string) => (/^[+-]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : NaN)

/**
 * What a row of the file makes of a camera. A column that the file has and the row leaves empty empties it; user name
 * and password are kept where the row leaves both empty.
 * @param parents node ids by their codes
 */
export function readCells(
  { cells }: FileRow,
  before: Edit | null,
  parents: ReadonlyMap<string, number>,
): ReadRow {
  const edit: Edit = structuredClone(before ?? BLANK)
  const faults: CellFault[] = []
  const refuse = (column: ColumnName, expected: string) => faults.push({ column, expected })
  /** the cell where the file has the column */
  const given = (column: ColumnName, use: (text: string | null) => void) => {
    const text = cells[column]
    if (text !== undefined) use(text === '' ? null : text)
  }
  const textInto = (column: 'address' | 'owner' | 'vendor' | 'group') =>
    given(column, (text) => {
      if (text === null || line.Check(text)) edit[column] = text
      else refuse(column, 'one line of at most 200 characters')
    })
  const placeInto = (column: 'latitude' | 'longitude', most: number) =>
    given(column, (text) => {
      const value = text === null ? null : numberOf(text)
      if (value === null || Math.abs(value) <= most) edit[column] = value
      else refuse(column, `a number of degrees from -${most} to ${most}`)
    })

  if (!line.Check(cells.stream_id ?? ''))
    refuse('stream_id', 'a name of the camera that no other has, at most 200 characters')
  given('name', (text) => (edit.name = text ?? ''))
  if (!line.Check(edit.name)) refuse('name', 'one line of 1 to 200 characters')
  textInto('address')
  placeInto('latitude', 90)
  placeInto('longitude', 180)
  textInto('owner')
  textInto('vendor')
  textInto('group')
  given('parent', (code) => {
    const id = code === null ? null : parents.get(code)
    if (id === undefined) refuse('parent', 'the code of a node of the topology')
    else edit.parentId = id
  })
  given('enabled', (text) => {
    const value = text === null ? edit.enabled : WORDS.get(text.toLowerCase())
    if (value === undefined) refuse('enabled', 'yes or no, ya or tidak, 1 or 0')
    else edit.enabled = value
  })
  for (const column of TARGET_COLUMNS)
    given(column, (text) => {
      const target = TARGETS[column]
      if (text === null) delete edit.targets[target]
      else if (address.Check({ [target]: text })) edit.targets[target] = text
      else refuse(column, 'an address without spaces, of at most 2000 characters')
    })
  given('interval_seconds', (text) => {
    const value = text === null ? undefined : numberOf(text)
    const { intervalSeconds: _own, ...others } = edit.settings
    if (value === undefined) edit.settings = others
    else if (interval.Check(value)) edit.settings = { ...others, intervalSeconds: value }
    else refuse('interval_seconds', 'a whole number of seconds from 5 to 86400')
  })
  return { edit, credentials: credentialsOf(cells, refuse), faults }
}

function credentialsOf(
  { username = '', password = '' }: FileRow['cells'],
  refuse: (column: ColumnName, expected: string) => void,
): Credentials | undefined {
  if (username === '' && password === '') return undefined
  const wrong = (['username', 'password'] as const).filter(
    (column) => !typed.Check({ username, password }[column]),
  )
  for (const column of wrong) refuse(column, 'both of user name and password, at most 200 characters each')
  return wrong.length > 0 ? undefined : { username, password }
}

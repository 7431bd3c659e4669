import { Type, type Static } from 'typebox'
import { closed } from '#contract/basic.ts'
import { CameraState } from '#contract/camera.ts'

const Path = Type.String({
  minLength: 1,
  description: 'keys with dots; "list[key=value].field" picks an entry of a list',
})

export const Status = Type.Object(
  {
    path: Path,
    /** the source's words, as text, to a state; "skip": the camera is not there (any more) */
    words: Type.Record(Type.String(), Type.Union([CameraState, Type.Literal('skip')])),
  },
  closed,
)
export type Status = Static<typeof Status>

const TimeFormat = Type.Union([Type.Literal('iso'), Type.Literal('epoch-seconds'), Type.Literal('us')])
export type TimeFormat = Static<typeof TimeFormat>

/** How a city's list is read; docs/feeds.md shows examples. */
export const CameraListOptions = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    /** html: a page with the list as JSON in one of its scripts */
    format: Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('html')]),
    /** of a CSV; left out: a comma */
    delimiter: Type.Optional(Type.Union([Type.Literal(','), Type.Literal(';'), Type.Literal('\t')])),
    /** path of the list in a JSON payload; left out: the payload is the list */
    rows: Type.Optional(Path),
    /** path within each entry where the camera stands */
    entry: Type.Optional(Path),
    /** left out: a hash of the name and of `idFrom`, for sources without ids */
    id: Type.Optional(Path),
    idFrom: Type.Optional(Path),
    name: Path,
    address: Type.Optional(Path),
    latitude: Path,
    longitude: Path,
    district: Type.Optional(Path),
    owner: Type.Optional(Path),
    /** asked in order; the first that says other than "up" decides; none: the list says nothing of a camera's state */
    status: Type.Array(Status),
    /** several streams per camera: all up, some up (degraded) or none up (down) */
    links: Type.Optional(Type.Object({ path: Path, status: Status }, closed)),
    /** when the source checked the camera; a time at which its state changed last is not that */
    time: Type.Optional(Type.Object({ path: Path, format: TimeFormat }, closed)),
  },
  closed,
)
export type CameraListOptions = Static<typeof CameraListOptions>

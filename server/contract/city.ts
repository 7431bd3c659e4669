/** What a page has to know of its city before anything else. */
import { Type, type Static } from 'typebox'
import { Nullable } from './basic.ts'

export const CityInfo = Type.Object({
  code: Type.String(),
  name: Type.String(),
  timezone: Type.String(),
  bounds: Type.Array(Type.Array(Type.Number())),
  center: Type.Array(Type.Number()),
  zoom: Type.Number(),
  /** true while anything on the screens comes from the demo's stand-in feeds */
  demo: Type.Boolean(),
  /** an operator's own tiles; null: the city's own lines are drawn */
  tiles: Nullable(
    Type.Object({
      /** with {z}, {x} and {y} */
      url: Type.String(),
      kind: Type.Union([Type.Literal('raster'), Type.Literal('vector')]),
      /** past it tiles are drawn larger; null: not known */
      maxZoom: Nullable(Type.Integer()),
      /** whom the map has to name, as HTML */
      attribution: Type.String(),
    }),
  ),
  version: Type.String(),
  districts: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
})
export type CityInfo = Static<typeof CityInfo>

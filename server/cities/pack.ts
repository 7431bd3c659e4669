import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Type, type Static } from 'typebox'
import { checkReferences } from './references.ts'
import { PackError, readJson, readTable } from './table.ts'

/**
 * A city pack: one folder of data, `server/cities/<code>/`. To add a city, copy the folder of another,
 * replace the rows, name every source in its SOURCES.md, and run the tests.
 */

const Code = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })
const Text = Type.String({ minLength: 1 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Latitude = Type.Number({ minimum: -90, maximum: 90 })
const Longitude = Type.Number({ minimum: -180, maximum: 180 })
const LatLng = Type.Tuple([Latitude, Longitude])
/** Rings of one area as [lng, lat]; a ring within a ring is a hole, a ring beside it another part. */
const Rings = Type.Array(Type.Array(Type.Tuple([Longitude, Latitude]), { minItems: 4 }), { minItems: 1 })

export const UNITS = ['kg', 'gram', 'liter', 'milliliter', 'pack', 'bottle', 'can', 'piece'] as const
export type Unit = (typeof UNITS)[number]
const UnitSchema = Type.Enum([...UNITS])

export const City = Type.Object({
  code: Code,
  name: Text,
  province: Text,
  timezone: Text,
  /** South-west and north-east corner as [lat, lng]. */
  bounds: Type.Tuple([LatLng, LatLng]),
  center: LatLng,
  zoom: Type.Integer({ minimum: 1, maximum: 20 }),
  /** The HET zone the city lies in, as ceilings.csv writes it. */
  ceilingZone: Text,
  /** Whom the map names for its boundaries, streets and rivers, as their terms ask. */
  mapAttribution: Text,
  /** What people call the sources of the price history, by the names of their files. */
  historyTitles: Type.Optional(Type.Record(Type.String(), Text)),
  /** What each portal calls this city: portal, parameter, value. */
  portalCodes: Type.Record(Type.String(), Type.Record(Type.String(), Text)),
})
export const District = Type.Object({ code: Text, name: Text, rings: Rings })
export const Subdistrict = Type.Object({ code: Text, name: Text, district: Text, rings: Rings })
/** Polylines by kind, each one flat: lng, lat, lng, lat, ... */
export const Polylines = Type.Record(Type.String(), Type.Array(Type.Array(Type.Number(), { minItems: 4 })))

export const Camera = Type.Object({
  streamId: Text,
  name: Text,
  address: Type.Optional(Text),
  publishedDistrict: Type.Optional(Text),
  latitude: Latitude,
  longitude: Longitude,
})
export const Market = Type.Object({
  code: Code,
  name: Text,
  level: Type.Enum(['market', 'city', 'province', 'producer']),
  latitude: Type.Optional(Latitude),
  longitude: Type.Optional(Longitude),
  /** surveyed: at the spot; approximate: up to 600 m; rough: about 1 km. */
  positionAccuracy: Type.Optional(Type.Enum(['surveyed', 'approximate', 'rough'])),
})
export const Commodity = Type.Object({
  code: Code,
  nameId: Text,
  nameEn: Text,
  unit: UnitSchema,
  category: Code,
  position: Type.Integer({ minimum: 1 }),
  /** How much of it (in its unit) the basket of staples holds; absent: not in the basket. */
  basketWeight: Type.Optional(Type.Number({ minimum: 0 })),
  /** What producers call what becomes it; may be the same code. Absent: nothing to compare a margin with. */
  producerCode: Type.Optional(Code),
  /** What a unit can cost at all, rupiah: what lies outside is a mistake. */
  plausibleMin: Type.Optional(Type.Integer({ minimum: 1 })),
  plausibleMax: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Asked for in the city's own surveys. */
  surveyed: Type.Optional(Type.Enum(['yes'])),
})
export const Alias = Type.Object({
  feedKind: Type.Enum(['siskaperbapo', 'pihps', 'sp2kp', 'bapanas', 'history', 'push', '*']),
  sourceId: Type.Optional(Text),
  sourceName: Text,
  commodityCode: Code,
  /** Our price = the source's price x factor, whatever unit it names; absent: the units decide. */
  factor: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
})
export const Ceiling = Type.Object({
  commodityCode: Code,
  /** HET binds, HAP is a reference. */
  kind: Type.Enum(['HET', 'HAP']),
  /** Absent: in force everywhere. */
  zone: Type.Optional(Text),
  priceMin: Type.Integer({ minimum: 1 }),
  priceMax: Type.Integer({ minimum: 1 }),
  unit: UnitSchema,
  regulation: Text,
  validFrom: Type.Optional(Day),
  validTo: Type.Optional(Day),
  source: Text,
  remark: Type.Optional(Text),
})

/** Seasons and feasts that move prices; from and to are included. */
export const Holiday = Type.Object({
  kind: Type.Enum(['ramadan', 'lebaran', 'idul-adha', 'christmas', 'new-year']),
  from: Day,
  to: Day,
  /** Not decreed yet: counted by the calendar. */
  expected: Type.Optional(Type.Enum(['yes'])),
})

export type City = Static<typeof City>
export type District = Static<typeof District>
export type Subdistrict = Static<typeof Subdistrict>
export type Polylines = Static<typeof Polylines>
export type Camera = Static<typeof Camera>
export type Market = Static<typeof Market>
export type Commodity = Static<typeof Commodity>
export type Alias = Static<typeof Alias>
export type Ceiling = Static<typeof Ceiling>
export type Holiday = Static<typeof Holiday>

export type CityPack = {
  city: City
  districts: District[]
  subdistricts: Subdistrict[]
  streets: Polylines
  rivers: Polylines
  cameras: Camera[]
  markets: Market[]
  commodities: Commodity[]
  aliases: Alias[]
  ceilings: Ceiling[]
  holidays: Holiday[]
}

const packsFolder = fileURLToPath(new URL('.', import.meta.url))

/** Path of a pack's folder, with a slash at its end. Throws a PackError for what can't be a city's code. */
export function packFolder(code: string, root = packsFolder): string {
  if (/^[a-z0-9-]+$/.test(code)) return `${root.replace(/\/$/, '')}/${code}/`
  throw new PackError(`"${code}" is not a city's code: lower-case letters, digits and hyphens only`)
}

/** Reads and checks `server/cities/<code>/` (or the same below `root`). Throws a PackError. */
export async function loadPack(code: string, root = packsFolder): Promise<CityPack> {
  const folder = packFolder(code, root)
  await readdir(folder).catch((cause: unknown) => {
    throw new PackError(`no city pack "${code}": the folder ${folder} can't be read`, { cause })
  })
  const at = (name: string) => [`${folder}${name}`, `${code}/${name}`] as const
  const pack: CityPack = {
    city: await readJson(...at('city.json'), City),
    districts: await readJson(...at('districts.json'), Type.Array(District, { minItems: 1 })),
    subdistricts: await readJson(...at('subdistricts.json'), Type.Array(Subdistrict)),
    streets: await readJson(...at('streets.json'), Polylines),
    rivers: await readJson(...at('rivers.json'), Polylines),
    cameras: await readTable(...at('cameras.csv'), Camera),
    markets: await readTable(...at('markets.csv'), Market),
    commodities: await readTable(...at('commodities.csv'), Commodity),
    aliases: await readTable(...at('aliases.csv'), Alias),
    ceilings: await readTable(...at('ceilings.csv'), Ceiling),
    holidays: await readTable(...at('holidays.csv'), Holiday),
  }
  checkReferences(code, pack)
  return pack
}

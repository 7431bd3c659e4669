/** What the other rooms use of a city pack. */
export * from './ceilings.ts'
export * from './commodities.ts'
export * from './geography.ts'
export * from './history.ts'
export * from './map-layers.ts'
export {
  loadPack,
  UNITS,
  type Alias,
  type Camera,
  type Ceiling,
  type City,
  type CityPack,
  type Commodity,
  type District,
  type Market,
  type Subdistrict,
} from './pack.ts'
export { PackError } from './table.ts'

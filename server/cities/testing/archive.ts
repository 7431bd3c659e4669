import { gzipSync } from 'node:zlib'
import { Compression, TileType, zxyToTileId } from 'pmtiles'

/** The one tile of an archive made here: at zoom 10 it holds the whole of Malang. */
export const TILE = { z: 10, x: 832, y: 534 }
export const ATTRIBUTION = '© Pembuat peta uji'

/** One magenta pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z/AfAAQAAf8iCjrwAAAAAElFTkSuQmCC',
  'base64',
)

/** A tile of the layer "water", which covers the whole of it: Mapbox Vector Tile 2.1, written by hand. */
export function waterTile(): Buffer {
  const field = (number: number, bytes: number[]) => [(number << 3) | 2, bytes.length, ...bytes]
  const text = (value: string) => [...Buffer.from(value)]
  const zigzag = (value: number) => varint(value < 0 ? -2 * value - 1 : 2 * value)
  // MoveTo 0 0; LineTo three times; ClosePath
  const steps = [[4096, 0], [0, 4096], [-4096, 0]].flat().flatMap(zigzag) // prettier-ignore
  const geometry = [9, 0, 0, (3 << 3) | 2, ...steps, 15]
  const polygon = [(3 << 3) | 0, 3]
  const feature = [...field(2, [0, 0]), ...polygon, ...field(4, geometry)]
  const kind = [...field(3, text('kind')), ...field(4, field(1, text('ocean')))]
  const extent = [(5 << 3) | 0, ...varint(4096)]
  const version = [(15 << 3) | 0, 2]
  return Buffer.from(
    field(3, [...field(1, text('water')), ...field(2, feature), ...kind, ...extent, ...version]),
  )
}

/** A whole PMTiles file (specification 3) with one gzipped or plain tile. */
export function archiveOf(
  tile: Buffer,
  { type, compression = Compression.None }: { type: TileType; compression?: Compression },
): Buffer {
  const stored = compression === Compression.Gzip ? gzipSync(tile) : tile
  const metadata = gzipSync(JSON.stringify({ attribution: ATTRIBUTION }))
  // entries, then in columns: tile id, run length, length, offset + 1
  const directory = gzipSync(
    Buffer.from([1, zxyToTileId(TILE.z, TILE.x, TILE.y), 1, stored.length, 1].flatMap(varint)),
  )
  const header = Buffer.alloc(127)
  header.write('PMTiles')
  header[7] = 3
  let offset = header.length
  const sections = [directory, metadata, Buffer.alloc(0), stored]
  sections.forEach((section, index) => {
    header.writeBigUInt64LE(BigInt(offset), 8 + index * 16)
    header.writeBigUInt64LE(BigInt(section.length), 16 + index * 16)
    offset += section.length
  })
  for (const place of [72, 80, 88]) header.writeBigUInt64LE(1n, place)
  header.set([1, Compression.Gzip, compression, type, TILE.z, TILE.z], 96)
  return Buffer.concat([header, ...sections])
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
}

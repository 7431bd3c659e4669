import { open, type FileHandle } from 'node:fs/promises'
import { Compression, PMTiles, TileType, type Source } from 'pmtiles'
import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import type { App } from '../context.ts'
import { StartupError } from '../errors-startup.ts'

const CONTENT_TYPES: Partial<Record<TileType, string>> = {
  [TileType.Mvt]: 'application/vnd.mapbox-vector-tile',
  [TileType.Png]: 'image/png',
  [TileType.Jpeg]: 'image/jpeg',
  [TileType.Webp]: 'image/webp',
  [TileType.Avif]: 'image/avif',
}

/** A PMTiles file, kept open, so that a file put in its place is read from the next start on. */
export interface TileArchive {
  kind: 'raster' | 'vector'
  contentType: string
  maxZoom: number
  /** whom the map has to name, as the archive says; HTML */
  attribution: string
  /** changes with the file */
  version: string
  /** a tile, decompressed; undefined where the archive has none */
  read(z: number, x: number, y: number): Promise<Buffer | undefined>
  close(): Promise<void>
}

/** Opens an archive of PMTiles version 3. Throws a StartupError that says what is wrong with the file. */
export async function openArchive(path: string): Promise<TileArchive> {
  const file = await open(path).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new StartupError(`PMTILES_FILE ${path} can't be read (${code}): set it to a .pmtiles file.`, {
      cause,
    })
  })
  try {
    return await readArchive(file, path)
  } catch (cause) {
    await file.close()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartupError(
      `PMTILES_FILE ${path} is no PMTiles archive that can be shown (${reason}): make one of version 3, its tiles gzipped or plain.`,
      { cause },
    )
  }
}

async function readArchive(file: FileHandle, path: string): Promise<TileArchive> {
  const { size, mtimeMs } = await file.stat()
  const archive = new PMTiles(sourceOf(file, path))
  const { specVersion, tileType, tileCompression, maxZoom } = await archive.getHeader()
  const contentType = CONTENT_TYPES[tileType]
  if (specVersion !== 3) throw new Error(`version ${specVersion}`)
  if (contentType === undefined) throw new Error('unknown kind of tiles')
  if (tileCompression === Compression.Brotli || tileCompression === Compression.Zstd)
    throw new Error(`tiles compressed by ${Compression[tileCompression]}`)
  const metadata: unknown = await archive.getMetadata()
  return {
    kind: tileType === TileType.Mvt ? 'vector' : 'raster',
    contentType,
    maxZoom,
    attribution: attributionOf(metadata),
    version: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
    read: async (z, x, y) => {
      if (x >= 2 ** z || y >= 2 ** z) return undefined
      const tile = await archive.getZxy(z, x, y)
      return tile === undefined ? undefined : Buffer.from(tile.data)
    },
    close: () => file.close(),
  }
}

function sourceOf(file: FileHandle, path: string): Source {
  return {
    getKey: () => path,
    getBytes: async (offset, length) => {
      const data = new ArrayBuffer(length)
      const { bytesRead } = await file.read(new Uint8Array(data), 0, length, offset)
      return { data: data.slice(0, bytesRead) }
    },
  }
}

function attributionOf(metadata: unknown): string {
  return typeof metadata === 'object' &&
    metadata !== null &&
    'attribution' in metadata &&
    typeof metadata.attribution === 'string'
    ? metadata.attribution
    : ''
}

const TileNumber = Type.Integer({ minimum: 0, maximum: 2 ** 26 })

export const TILES_PATH = '/api/city/tiles/{z}/{x}/{y}'

/** Tiles as a tile server would give them: the page draws them like any other's, and a browser keeps them. */
export function tileRoutes(app: App, archive: TileArchive): void {
  app.get(
    '/api/city/tiles/:z/:x/:y',
    {
      config: { rateLimit: false },
      schema: {
        tags: ['city'],
        summary: "Read a tile of the operator's map file",
        params: Type.Object({ z: Type.Integer({ minimum: 0, maximum: 26 }), x: TileNumber, y: TileNumber }),
        querystring: Type.Object({ v: Type.Optional(Type.String()) }, closed),
        response: {
          200: {
            content: {
              [archive.contentType]: {
                schema: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
              },
            },
          },
          204: Type.Null({ description: 'nothing is drawn there' }),
        },
      },
    },
    async (request, reply) => {
      const { z, x, y } = request.params
      const tile = await archive.read(z, x, y)
      // The address carries the file's version, so what was got under it never changes.
      void reply.header('cache-control', 'private, max-age=31536000, immutable')
      return tile === undefined ? reply.code(204).send(null) : reply.type(archive.contentType).send(tile)
    },
  )
  app.addHook('onClose', () => archive.close())
}

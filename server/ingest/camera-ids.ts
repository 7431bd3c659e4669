import type { Pool } from 'pg'

/** stream_id to the store's id, kept in memory and renewed when cameras are registered. */
export class CameraIds {
  readonly #pool: Pool
  #ids: ReadonlyMap<string, number> | undefined
  constructor(pool: Pool) {
    this.#pool = pool
  }
  async get(): Promise<ReadonlyMap<string, number>> {
    return (this.#ids ??= await this.renew())
  }
  async renew(): Promise<ReadonlyMap<string, number>> {
    const result = await this.#pool.query<{ id: number; stream_id: string }>(
      'SELECT id, stream_id FROM camera',
    )
    this.#ids = new Map(result.rows.map((row) => [row.stream_id, row.id]))
    return this.#ids
  }
}

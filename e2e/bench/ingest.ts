import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { from as copyFrom } from 'pg-copy-streams'
import type pg from 'pg'
import { startBenchProduct, type BenchProduct } from './product.ts'
import { median, timed, type Bench } from './figures.ts'

const BATCH = 1_000
const BATCHES = 60
const ROUNDS = 3
const CONNECTIONS = 50
/** senders at once, each with cameras of its own, as feeds have; COPY gets as many connections */
const LANES = 2

/** From HTTP to commit, with everything that a row causes, against COPY of the history alone. */
export const ingest: Bench = async (report) => {
  const product = await startBenchProduct({ cameras: LANES * BATCH })
  try {
    const lanes = Array.from({ length: LANES }, (_, lane) => lane)
    await Promise.all(lanes.map((lane) => post(product, product.batch(0, lane))))
    const own: number[] = []
    const copies: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const turns = Array.from(
        { length: BATCHES / LANES },
        (_, index) => 1 + (round * BATCHES) / LANES + index,
      )
      const bodies = lanes.map((lane) => turns.map((turn) => product.batch(turn, lane)))
      const rate = async (send: (lane: number) => Promise<void>) =>
        (BATCH * BATCHES) / ((await timed(() => Promise.all(lanes.map(send)))) / 1_000)
      own.push(
        await rate(async (lane) => {
          for (const body of bodies[lane] ?? []) await post(product, body)
        }),
      )
      copies.push(await rate((lane) => copyHistory(product, turns, lane)))
    }
    const copy = median(copies)
    report({
      figure: 'rows/s in batches of 1,000, against COPY of the history in as many batches and connections',
      value: median(own),
      unit: 'rows/s',
      limit: copy,
      goal: 'at least 0.6',
      ok: median(own) / copy >= 0.6,
    })

    const singles = await singleRows(product, 5_000)
    report({
      figure: 'single-row POSTs from 50 connections',
      value: singles,
      unit: 'rows/s',
      limit: 5_000,
      goal: 'at least 5,000/s',
      ok: singles >= 5_000,
    })

    const short = await streamPeak(product, 20_000)
    const long = await streamPeak(product, 200_000)
    report({
      figure: 'memory of an NDJSON stream of 200,000 rows, against one of 20,000',
      value: long,
      unit: 'MB',
      limit: short,
      goal: 'under 1.5',
      ok: long / short < 1.5,
    })
  } finally {
    await product.stop()
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

function send(product: BenchProduct, body: string | Readable, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${product.url}/api/ingest/camera-status`,
      { method: 'POST', agent, headers: { authorization: `Bearer ${product.key}`, 'content-type': type } },
      (answer) => {
        let text = ''
        answer.on('data', (chunk) => (text += String(chunk)))
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text}`)),
        )
      },
    )
    outgoing.on('error', reject)
    if (typeof body === 'string') outgoing.end(body)
    else body.pipe(outgoing)
  })
}
async function post(product: BenchProduct, body: string): Promise<void> {
  const answer = JSON.parse(await send(product, body, 'application/json')) as {
    rejected: number
    duplicate: number
  }
  if (answer.rejected + answer.duplicate > 0)
    throw new Error(`rows were not taken: ${JSON.stringify(answer).slice(0, 300)}`)
}

async function inLanes<T>(items: T[], lanes: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

/** The same rows in batches of the same size, a commit each, into an empty hypertable of the same shape. */
async function copyHistory(product: BenchProduct, turns: readonly number[], lane: number): Promise<void> {
  const client: pg.PoolClient = await product.pool.connect()
  try {
    for (const turn of turns) {
      const lines = product.rows(turn, lane).map(({ at, state }, index) => {
        const id = product.cameraIds[lane * BATCH + index]
        return `${at}\t${id}\t${state}\t1\t120\t${at}\t\\N\t\\N\n`
      })
      const stream = client.query(
        copyFrom(
          'COPY camera_observation_copy (at, camera_id, state, feed, hold, received_at, latency_ms, reason) FROM STDIN',
        ),
      )
      await pipeline(Readable.from([lines.join('')]), stream)
    }
  } finally {
    client.release()
  }
}

async function singleRows(product: BenchProduct, count: number): Promise<number> {
  const rows = Array.from({ length: count }, (_, index) =>
    product.row(1_000 + Math.floor(index / 1_000), index % 1_000),
  )
  const ms = await timed(() =>
    inLanes(rows, CONNECTIONS, (row) => send(product, JSON.stringify([row]), 'application/json')),
  )
  return count / (ms / 1_000)
}

/** Highest resident memory of the server above its rest while a stream of so many rows is read, MB. */
async function streamPeak(product: BenchProduct, rows: number): Promise<number> {
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, product.memory())), 50)
  let made = 0
  const stream = new Readable({
    read() {
      if (made >= rows) return void this.push(null)
      const lines: string[] = []
      for (let index = 0; index < 500; index += 1, made += 1)
        lines.push(JSON.stringify(product.row(3_000 + Math.floor(made / 1_000), made % 1_000)))
      this.push(`${lines.join('\n')}\n`)
    },
  })
  await send(product, stream, 'application/x-ndjson')
  clearInterval(watch)
  stream.destroy()
  await once(stream, 'close').catch(() => undefined)
  return peak
}

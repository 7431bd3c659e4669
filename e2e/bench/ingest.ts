import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Connection } from './connection.ts'
import { startBenchProduct, type BenchProduct } from './product.ts'
import { median, timed, type Bench } from './figures.ts'

const PATH = '/api/ingest/camera-status'
const BATCH = 1_000
const BATCHES = 60
const ROUNDS = 5
/** senders at once, each with cameras of its own, as feeds have; COPY is judged with as many connections */
const LANES = 2
const CONNECTIONS = 50
const SINGLES = 20_000
/** rows of a stream; another one is twenty times as long: held in memory, its text alone would miss the goal */
const STREAM = 50_000
const LONGER = 20

/**
 * From HTTP to commit, with everything that a row causes, against COPY of the history alone. All bodies and all lines
 * are made before the clock starts; both sides are sent from this process, on the machine that is measured.
 */
export const ingest: Bench = async (report) => {
  const product = await startBenchProduct({ cameras: LANES * BATCH })
  const turns = turnsFrom(0)
  try {
    const { own, alone, copy, copyAlone } = await batches(product, turns)
    report({
      figure: `rows/s in batches of 1,000 from ${LANES} senders, against COPY of the history in as many batches on as many connections`,
      value: own,
      unit: 'rows/s',
      limit: copy,
      goal: 'at least 0.6',
      ok: own / copy >= 0.6,
    })
    report({
      figure: 'the same from one sender, against COPY on one connection',
      value: alone,
      unit: 'rows/s',
      limit: copyAlone,
      goal: 'for information',
      ok: true,
    })
    report({
      figure: `the same from ${LANES} senders, against COPY on one connection`,
      value: own,
      unit: 'rows/s',
      limit: copyAlone,
      goal: 'for information',
      ok: true,
    })
    const singles = await singleRows(product, turns)
    report({
      figure: `single-row POSTs from ${CONNECTIONS} connections`,
      value: singles,
      unit: 'rows/s',
      limit: 5_000,
      goal: 'at least 5,000/s',
      ok: singles >= 5_000,
    })
    // The heap takes its working size before it is measured.
    await streamMemory(product, turns, LONGER * STREAM)
    const short = await streamMemory(product, turns, STREAM)
    const long = await streamMemory(product, turns, LONGER * STREAM)
    report({
      figure: `highest resident memory while a stream of ${LONGER * STREAM} rows is read (${Math.round(long.bytes / 2 ** 20)} MB; ${Math.round(long.peak - long.rest)} MB above rest), against one of ${STREAM}`,
      value: long.peak,
      unit: 'MB',
      limit: short.peak,
      goal: 'under 1.15',
      ok: long.peak / short.peak < 1.15,
    })
  } finally {
    await product.stop()
  }
}

/** Each turn is a moment later than all before it, so that no row is a repetition. */
function* turnsFrom(first: number): Generator<number, never> {
  for (let turn = first; ; turn += 1) yield turn
}
type Turns = ReturnType<typeof turnsFrom>
const take = (turns: Turns, count: number): number[] =>
  Array.from({ length: count }, () => turns.next().value)

interface Rates<T> {
  /** the product, from all senders and from one */
  own: T
  alone: T
  /** COPY, on as many connections and on one */
  copy: T
  copyAlone: T
}

/** Median rows/s of each way, in turns, so that a slow moment of the machine strikes all. */
async function batches(product: BenchProduct, turns: Turns): Promise<Rates<number>> {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane)
  const senders = await Promise.all(lanes.map(() => Connection.open(product.url, PATH, product.key)))
  const copiers = await Promise.all(lanes.map(() => copier(product)))
  const rates: Rates<number[]> = { own: [], alone: [], copy: [], copyAlone: [] }
  // The first round warms all up.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const used of [lanes, lanes.slice(0, 1)]) {
      const moments = take(turns, BATCHES / used.length)
      const bodies = used.map((lane) => moments.map((turn) => product.batch(turn, lane)))
      const lines = used.map((lane) => moments.map((turn) => copyLines(product, turn, lane)))
      const rate = async (send: (lane: number) => Promise<void>) =>
        (BATCH * BATCHES) / ((await timed(() => Promise.all(used.map(send)))) / 1_000)
      const posted = await rate(async (lane) => {
        for (const body of bodies[lane] ?? []) taken(await (senders[lane] as Connection).post(body), BATCH)
      })
      const copied = await rate((lane) => copyHistory(copiers[lane] as pg.Client, lines[lane] ?? []))
      if (round === 0) continue
      rates[used.length === LANES ? 'own' : 'alone'].push(posted)
      rates[used.length === LANES ? 'copy' : 'copyAlone'].push(copied)
    }
  senders.forEach((connection) => connection.close())
  await Promise.all(copiers.map((client) => client.end()))
  return {
    own: median(rates.own),
    alone: median(rates.alone),
    copy: median(rates.copy),
    copyAlone: median(rates.copyAlone),
  }
}

/** A session of its own: those of the product's pool send statements in advance, which COPY does not allow. */
async function copier(product: BenchProduct): Promise<pg.Client> {
  const client = new pg.Client(product.databaseUrl)
  await client.connect()
  return client
}

/** Throws where not every row was taken: a benchmark of refusals is none. */
function taken(answer: string, rows: number): void {
  const counts = JSON.parse(answer) as { accepted: number; unchanged: number }
  if (counts.accepted + counts.unchanged !== rows)
    throw new Error(`rows were not taken: ${answer.slice(0, 300)}`)
}

const copyLines = (product: BenchProduct, turn: number, lane: number) =>
  product
    .rows(turn, lane)
    .map(
      ({ at, state }, index) =>
        `${at}\t${product.cameraIds[lane * BATCH + index]}\t${state}\t1\t120\t${at}\t\\N\t\\N\n`,
    )
    .join('')

/** The same rows in batches of the same size, a commit each, into a hypertable of the same shape. */
async function copyHistory(client: pg.Client, batchesOfLines: readonly string[]): Promise<void> {
  for (const lines of batchesOfLines)
    await pipeline(
      Readable.from([lines]),
      client.query(
        copyFrom(
          'COPY camera_observation_copy (at, camera_id, state, feed, hold, received_at, latency_ms, reason) FROM STDIN',
        ),
      ),
    )
}

async function singleRows(product: BenchProduct, turns: Turns): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => Connection.open(product.url, PATH, product.key)),
  )
  const rate = async (count: number) => {
    const bodies = take(turns, count / BATCH).flatMap((turn) =>
      product.rows(turn, 0).map((row) => JSON.stringify([row])),
    )
    const queue = bodies.values()
    const ms = await timed(() =>
      Promise.all(
        connections.map(async (connection) => {
          for (const body of queue) taken(await connection.post(body), 1)
        }),
      ),
    )
    return count / (ms / 1_000)
  }
  await rate(SINGLES / 4)
  const rates = [await rate(SINGLES), await rate(SINGLES), await rate(SINGLES)]
  connections.forEach((connection) => connection.close())
  return median(rates)
}

/** Resident memory of the server before and, at its highest, while it reads a stream of so many rows; MB. */
async function streamMemory(
  product: BenchProduct,
  turns: Turns,
  rows: number,
): Promise<{ rest: number; peak: number; bytes: number }> {
  const rest = product.memory()
  const seen = { rest, peak: rest, bytes: 0 }
  const watch = setInterval(() => (seen.peak = Math.max(seen.peak, product.memory())), 20)
  const lines = function* () {
    for (let made = 0; made < rows; made += BATCH) {
      const text = `${product
        .rows(turns.next().value, 0)
        .map((row) => JSON.stringify(row))
        .join('\n')}\n`
      seen.bytes += text.length
      yield text
    }
  }
  taken(await stream(product, Readable.from(lines())), rows)
  clearInterval(watch)
  return seen
}

function stream(product: BenchProduct, body: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${product.key}`, 'content-type': 'application/x-ndjson' }
    const outgoing = request(`${product.url}${PATH}`, { method: 'POST', headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += String(chunk)))
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text}`)),
      )
    })
    outgoing.on('error', reject)
    pipeline(body, outgoing).catch(reject)
  })
}

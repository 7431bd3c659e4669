import { expect, test } from '@playwright/test'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, Deltas, ServerEvents, SubscribeAnswer } from '../server/contract/live.ts'
import { findPostmaster } from '../server/database/embedded/cluster.ts'
import { superuserUrl } from '../server/database/embedded/databases.ts'
import { readState } from '../server/database/embedded/state.ts'
import { freePort, ProductServer } from './server.ts'

const BATCHES = 100
const ROWS = 50

/** Sends batches one after the other, as a gateway does: what is not answered 2xx is sent again. */
async function sendBatches(
  url: string,
  key: string,
  from: number,
  onAnswer: (batch: number) => void,
): Promise<number[]> {
  const acknowledged: number[] = []
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const rows = Array.from({ length: ROWS }, (_, index) => ({
      cameraId: `d-${index}`,
      state: (batch + index) % 3 === 0 ? 'down' : 'up',
      at: new Date(from + batch * 1_000).toISOString(),
    }))
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(`${url}/api/ingest/camera-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(rows),
        signal: AbortSignal.timeout(20_000),
      }).catch(() => undefined)
      if (answer?.ok === true) break
      if (tries > 400) throw new Error(`batch ${batch} was never taken: ${answer?.status}`)
      await new Promise((resolve) => setTimeout(resolve, 50)) // a sender's own patience between two tries
    }
    acknowledged.push(batch)
    onAnswer(batch)
  }
  return acknowledged
}

test('what was answered 2xx is there exactly once, whatever is killed in between', async () => {
  test.setTimeout(180_000)
  const dataDir = await mkdtemp(join(tmpdir(), 'pantau-durable-'))
  await chmod(dataDir, 0o755) // as root the database runs as another user, who must get in
  const progress: string[] = []
  const server = new ProductServer(await freePort(), {
    DATA_DIR: dataDir,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'yes',
  })
  await server.start()
  const database = embeddedUrl(dataDir)
  const key = `pk_${randomBytes(32).toString('base64url')}`
  await query(database, async (client) => {
    await client.query(
      `INSERT INTO feed (id, domain, mode, kind, title, hold_seconds) VALUES ('d', 'cameras', 'push', 'push', 'd', 86400)`,
    )
    await client.query(`INSERT INTO feed_key (feed_id, name, hint, hash) VALUES ('d', 'd', '', $1)`, [
      createHash('sha256').update(key).digest(),
    ])
    await client.query(
      `INSERT INTO camera (stream_id, name) SELECT 'd-' || n, 'd' FROM generate_series(0, $1::int - 1) n`,
      [ROWS],
    )
    await client.query(
      `INSERT INTO camera_current (camera_id, state, since, at, silent_after) SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM camera WHERE stream_id LIKE 'd-%'`,
    )
  })
  // A new key's feed and cameras are known to a server that starts.
  await server.end('SIGTERM')
  await server.start()

  const watcher = await watch(server.url)
  let restarts: Promise<void> = Promise.resolve()
  const acknowledged = await sendBatches(server.url, key, Date.now() - 3_000_000, (batch) => {
    if (batch === 30)
      restarts = (async () => {
        await server.end('SIGKILL')
        await server.start()
        progress.push('server killed and started')
      })()
    if (batch === 65)
      restarts = restarts.then(async () => {
        process.kill(postmasterOf(dataDir), 'SIGKILL')
        progress.push('database killed')
      })
  })
  await restarts
  expect(progress).toEqual(['server killed and started', 'database killed'])
  expect(acknowledged).toHaveLength(BATCHES)

  const stored = await query(embeddedUrl(dataDir), async (client) => {
    const rows = await client.query<{ rows: number; twice: number }>(
      `SELECT count(*)::int AS rows, count(*)::int - count(DISTINCT (at, camera_id))::int AS twice FROM camera_observation`,
    )
    const states = await client.query<{ camera_id: number; state: string }>(
      `SELECT camera_id, state FROM camera_current c JOIN camera m ON m.id = c.camera_id WHERE m.stream_id LIKE 'd-%'`,
    )
    return { ...rows.rows[0], states: new Map(states.rows.map((row) => [row.camera_id, row.state])) }
  })
  expect(stored).toMatchObject({ rows: BATCHES * ROWS, twice: 0 })
  // Every client is right again within ten seconds.
  await expect
    .poll(() => [...stored.states].every(([id, state]) => watcher.states.get(id) === state), {
      timeout: 10_000,
    })
    .toBe(true)
  watcher.socket.close()
  await server.end()
  await rm(dataDir, { recursive: true, force: true })
})

/** A client that follows the protocol: snapshots on connect, then deltas; on a gap it asks again. */
async function watch(
  url: string,
): Promise<{ socket: Socket<ServerEvents, ClientEvents>; states: Map<number, string> }> {
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    transports: ['websocket'],
    reconnectionDelay: 200,
    reconnectionDelayMax: 1_000,
  })
  const states = new Map<number, string>()
  let place = { epoch: '', seq: -1 }
  const subscribe = () =>
    socket.emit('rooms:subscribe', { protocol: 1, rooms: ['cameras'] }, (answer: SubscribeAnswer) => {
      if (!answer.ok) throw new Error(answer.error)
      const snapshot = answer.snapshots[0]
      if (snapshot === undefined) return
      place = { epoch: snapshot.epoch, seq: snapshot.seq }
      for (const status of snapshot.data as { id: number; state: string }[])
        states.set(status.id, status.state)
    })
  socket.on('connect', subscribe)
  socket.on('room:changed', (delta) => {
    if (delta.epoch !== place.epoch || delta.seq > place.seq + 1) return void subscribe()
    if (delta.seq <= place.seq) return
    place = { epoch: delta.epoch, seq: delta.seq }
    const { changed } = delta.data as Deltas['cameras']
    for (const status of changed) states.set(status.id, status.state)
  })
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return { socket, states }
}

async function query<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function embeddedUrl(dataDir: string): string {
  const state = readState(join(dataDir, 'database.json'))
  if (state === undefined) throw new Error(`no database in ${dataDir}`)
  return superuserUrl(state, 'pantau')
}
function postmasterOf(dataDir: string): number {
  const postmaster = findPostmaster(join(dataDir, 'postgres'))
  if (postmaster === undefined) throw new Error('the database does not run')
  return postmaster.pid
}

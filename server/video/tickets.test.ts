import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { sweepFolders } from './folders.ts'
import { waitAfter } from './remuxes.ts'
import { Tickets } from './tickets.ts'

const LIMITS = { perViewer: 2, idleMs: 100, lifeMs: 1_000 }

function setting() {
  const ended: number[] = []
  const tickets = new Tickets<{ cameraId: number; close(): void }>(LIMITS)
  const issue = (viewer: string, cameraId: number, now: number) =>
    tickets.issue(viewer, { cameraId, close: () => ended.push(cameraId) }, now)
  return { tickets, ended, issue }
}
const refused = expect.objectContaining({ kind: 'not-found' }) as unknown

it('is good for the viewer that got it, and for nobody else', () => {
  const { tickets, issue } = setting()
  const name = issue('ratna', 1, 0)
  expect(name).toMatch(/^[\w-]{43}$/)
  expect(tickets.use(name, 'ratna', 1).cameraId).toBe(1)
  expect(() => tickets.use(name, 'budi', 1)).toThrow(refused)
  expect(() => tickets.use(`${name.slice(0, -1)}_`, 'ratna', 1)).toThrow(refused)
})

it('gives way, of one viewer, to a new one where it was not used for longest', () => {
  const { tickets, ended, issue } = setting()
  const first = issue('ratna', 1, 0)
  issue('ratna', 2, 1)
  issue('budi', 3, 2)
  tickets.use(first, 'ratna', 3)
  issue('ratna', 4, 4)
  expect(ended).toEqual([2])
  expect(tickets.size).toBe(3)
})

it('ends when it is not used, when its time is up, with its session, and with all', () => {
  const { tickets, ended, issue } = setting()
  const idle = issue('ratna', 1, 0)
  expect(() => tickets.use(idle, 'ratna', 101)).toThrow(refused)
  const used = issue('budi', 2, 0)
  for (let now = 90; now <= 990; now += 90) tickets.use(used, 'budi', now)
  tickets.sweep(1_001)
  expect(ended).toEqual([1, 2])
  issue('ratna', 3, 1_001)
  issue('budi', 4, 1_001)
  tickets.endOf('ratna')
  expect(ended).toEqual([1, 2, 3])
  tickets.close()
  expect(ended).toEqual([1, 2, 3, 4])
  expect(tickets.size).toBe(0)
})

it('waits longer after each failure, and not for ever', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map(waitAfter)).toEqual([
    0, 0, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ])
})

it('removes what processes that are gone have left, and nothing else', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pantau-video-'))
  const gone = spawnSync('true').pid
  for (const name of [String(gone), String(process.ppid), 'notes']) await mkdir(join(root, name))
  await sweepFolders(root)
  expect((await readdir(root)).sort()).toEqual([String(process.ppid), 'notes'].sort())
  await sweepFolders(join(root, 'not', 'there'))
})

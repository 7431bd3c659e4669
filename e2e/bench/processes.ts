import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Milliseconds of CPU, in user and system, that a process has had. 0 where it is gone. */
export function cpuMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // the name in parentheses may hold anything; utime and stime are the 12th and 13th after it (proc(5))
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1_000
  } catch {
    return 0
  }
}

/** CPU of every process of the database by pid, sessions and its own helpers alike. */
export async function databaseCpu(pool: pg.Pool): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
  return new Map(rows.map(({ pid }) => [pid, cpuMs(pid)]))
}
/** Milliseconds between two looks; a process that came meanwhile counts with all it had. */
export const spent = (before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + Math.max(0, ms - (before.get(pid) ?? 0)), 0)

export interface Footprint {
  memoryMb: number
  /** descriptors that it holds: sockets, pipes and files together, so that whatever leaks shows */
  descriptors: number
  /** its children, and theirs */
  processes: number
}

export function footprint(pid: number): Footprint {
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0
  return {
    memoryMb: Number(memory) / 1_024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    processes: childrenOf(pid),
  }
}

function childrenOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  if (children === '') return 0
  return children.split(' ').reduce((sum, child) => sum + 1 + childrenOf(Number(child)), 0)
}

import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ProbeFault } from '../types.ts'
import type { Scope } from './scope.ts'

/** No ICMP can be sent here: fping is not installed, or may not open its socket. */
export class NoPing extends Error {}

interface Waiter {
  resolve(latencyMs: number): void
  reject(reason: unknown): void
}
/** Addresses that are asked together, by one process. */
interface Batch {
  waiters: Map<string, Set<Waiter>>
  child: ChildProcess | undefined
}
export interface PingerOptions {
  program?: string
  mostProcesses?: number
}

/** Addresses are asked for a sixteenth of the limit's time together, so that few processes run beside each other. */
const GATHER = 1 / 16
const MOST_ADDRESSES = 500
const REPLY = /^(\S+)\s*: \[0\], \d+ bytes, ([\d.]+) ms/
const UNREACHABLE = [/^ICMP .* for ICMP Echo sent to (\S+)/, /^(\S+) error while sending ping/]

/**
 * ICMP echo by fping: the addresses that are due within a short time share one process, each has its answer as soon as
 * it comes, and no process outlives its limit or its last waiting check.
 */
export class Pinger {
  readonly #program: string
  readonly #most: number
  readonly #gathering = new Map<number, Batch>()
  #running = 0
  #missing = false

  constructor({ program = 'fping', mostProcesses = 64 }: PingerOptions = {}) {
    this.#program = program
    this.#most = mostProcesses
  }

  /** processes that run now */
  get running(): number {
    return this.#running
  }

  /** Round trip to an address literal, ms. Throws a ProbeFault 'timeout' or 'unreachable', or NoPing. */
  ping(address: string, limitMs: number, scope: Scope): Promise<number> {
    if (this.#missing) return Promise.reject(new NoPing())
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      const batch = this.#batch(limitMs)
      const waiters = batch.waiters.get(address) ?? new Set()
      batch.waiters.set(address, waiters.add(waiter))
      scope.own({ destroy: () => leave(batch, address, waiter) })
    })
  }

  #batch(limitMs: number): Batch {
    const there = this.#gathering.get(limitMs)
    if (there !== undefined && there.waiters.size < MOST_ADDRESSES) return there
    const batch: Batch = { waiters: new Map(), child: undefined }
    this.#gathering.set(limitMs, batch)
    const gatherMs = limitMs * GATHER
    const start = () => {
      if (this.#running >= this.#most) return setTimeout(start, gatherMs)
      if (this.#gathering.get(limitMs) === batch) this.#gathering.delete(limitMs)
      if (batch.waiters.size > 0) this.#run(batch, limitMs, limitMs - 2 * gatherMs)
    }
    setTimeout(start, gatherMs)
    return batch
  }

  #run(batch: Batch, limitMs: number, waitMs: number): void {
    const wait = String(Math.max(50, Math.floor(waitMs)))
    const args = ['-c', '1', '-r', '0', '-i', '1', '-t', wait, ...batch.waiters.keys()]
    const child = spawn(this.#program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#running += 1
    batch.child = child
    const unreachable = new Set<string>()
    const deadline = setTimeout(() => child.kill('SIGKILL'), limitMs + MOST_ADDRESSES)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address = '', ms] = REPLY.exec(line) ?? []
      if (ms !== undefined) settle(batch, address, (waiter) => waiter.resolve(Number(ms)))
    })
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = UNREACHABLE.map((words) => words.exec(line)?.[1]).find((found) => found !== undefined)
      if (address !== undefined) unreachable.add(address.replace(/:$/, ''))
    })
    const over = (usable: boolean) => {
      clearTimeout(deadline)
      this.#missing ||= !usable
      for (const address of [...batch.waiters.keys()]) {
        const fault = new ProbeFault(unreachable.has(address) ? 'unreachable' : 'timeout')
        settle(batch, address, (waiter) => waiter.reject(usable ? fault : new NoPing()))
      }
    }
    child.once('error', () => over(false))
    // 0 and 1: all, or not all, answered; 3: bad arguments, 4: no socket.
    child.once('close', (code) => {
      this.#running -= 1
      over(code === null || code < 3)
    })
  }
}

function settle(batch: Batch, address: string, settleOne: (waiter: Waiter) => void): void {
  const waiters = batch.waiters.get(address)
  batch.waiters.delete(address)
  waiters?.forEach(settleOne)
}

/** A check that is over waits no more; where nobody waits, the process goes. */
function leave(batch: Batch, address: string, waiter: Waiter): void {
  const waiters = batch.waiters.get(address)
  waiters?.delete(waiter)
  if (waiters?.size === 0) batch.waiters.delete(address)
  if (batch.waiters.size === 0) batch.child?.kill('SIGKILL')
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { missingParts } from '../../../../e2e/parts/index.ts'
import { allowedNetworks } from '../allowed.ts'
import { check } from '../check.ts'
import { ProbeFault } from '../types.ts'
import { NoPing, Pinger } from './ping.ts'
import { Scope } from './scope.ts'

const LIMIT_MS = 1_000
let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pantau-ping-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands for fping where its network has to misbehave. */
function program(name: string, ...lines: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 })
  return path
}
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof ProbeFault ? error.fault : error),
  )

describe('ICMP echo', () => {
  it('of the real fping answers, for all by one process', async () => {
    expect(missingParts(['fping']), 'apt-get install fping').toEqual([])
    const pinger = new Pinger()
    const scope = new Scope()
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.1', '::1']
    const took = await Promise.all(addresses.map((address) => pinger.ping(address, LIMIT_MS, scope)))
    expect(took.every((ms) => ms > 0 && ms < LIMIT_MS)).toBe(true)
    scope.close()
  })

  it('tells silence from no route, and lets nobody wait for another', async () => {
    const path = program(
      'mixed',
      'echo "10.0.0.1 : [0], 64 bytes, 1.5 ms (1.5 avg, 0% loss)"',
      'echo "ICMP Host Unreachable from 10.0.0.9 for ICMP Echo sent to 10.0.0.2" >&2',
      'read wait < "$0.fifo"',
      'exit 1',
    )
    execFileSync('mkfifo', [`${path}.fifo`])
    const pinger = new Pinger({ program: path })
    const scope = new Scope()
    const ping = (address: string) => pinger.ping(address, LIMIT_MS, scope)
    const [first, second, third] = [ping('10.0.0.1'), ping('10.0.0.2'), ping('10.0.0.3')]
    const others = [faultOf(second), faultOf(third)]
    // The process is still there, and waits.
    expect(await first).toBe(1.5)
    expect(pinger.running).toBe(1)
    writeFileSync(`${path}.fifo`, '\n')
    expect(await Promise.all(others)).toEqual(['unreachable', 'timeout'])
    expect(pinger.running).toBe(0)
    scope.close()
  })

  it('leaves no process behind, however long that would stay', async () => {
    const pinger = new Pinger({ program: program('hanging', 'exec sleep 600') })
    const scope = new Scope()
    const waiting = faultOf(scope.within(300, () => pinger.ping('10.0.0.1', 300, scope)))
    expect(await waiting).toBe('timeout')
    expect(pinger.running).toBe(1)
    scope.close()
    await expect.poll(() => pinger.running).toBe(0)
  })

  it.each([
    ['is not there', () => join(folder, 'nothing')],
    ['may open no socket', () => program('forbidden', 'exit 4')],
  ])('is known to be impossible where fping %s', async (_why, path) => {
    const pinger = new Pinger({ program: path() })
    const scope = new Scope()
    await expect(pinger.ping('127.0.0.1', LIMIT_MS, scope)).rejects.toBeInstanceOf(NoPing)
    await expect(pinger.ping('127.0.0.1', LIMIT_MS, scope)).rejects.toBeInstanceOf(NoPing)
    // Refused or taken: somebody is there.
    const { result } = await check(
      { targets: { ping: '127.0.0.1' }, credentials: null, settings: DEFAULT_SETTINGS },
      {},
      { allowed: allowedNetworks(['127.0.0.0/8']), now: Date.now, signal: scope.signal, pinger },
    )
    expect(result).toMatchObject({ failed: null })
    expect(result.latencyMs).toBeGreaterThan(0)
    scope.close()
  })
})

import { describe, expect, it } from 'vitest'
import { Lane } from './fetching.ts'

const never = new AbortController().signal
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

describe('Lane', () => {
  it('runs no more than so many at a time, in order', async () => {
    const lane = new Lane(2)
    const gates = [gate(), gate(), gate()]
    const begun: number[] = []
    const all = gates.map(({ opened }, index) => lane.run(() => (begun.push(index), opened), never))
    expect(begun).toEqual([0, 1])
    gates[0]?.open()
    await all[0]
    expect(begun).toEqual([0, 1, 2])
    gates[1]?.open()
    gates[2]?.open()
    await Promise.all(all)
  })
  it('gives the place back after a failure', async () => {
    const lane = new Lane(1)
    await expect(lane.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no')
    expect(await lane.run(() => Promise.resolve('yes'), never)).toBe('yes')
  })
  it('does not begin what is no longer wanted', async () => {
    const lane = new Lane(1)
    const { opened, open } = gate()
    const leaving = new AbortController()
    let began = false
    const first = lane.run(() => opened, never)
    const second = lane.run(() => ((began = true), Promise.resolve()), leaving.signal)
    leaving.abort()
    open()
    await first
    await expect(second).rejects.toThrow()
    expect(began).toBe(false)
    expect(await lane.run(() => Promise.resolve(1), never)).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import { Slots } from './slots.ts'

describe('Slots', () => {
  it('stops the oldest where all places are taken', () => {
    const slots = new Slots(2)
    const stopped: string[] = []
    const take = (name: string) => slots.take(() => stopped.push(name))
    take('a')
    take('b')
    expect(stopped).toEqual([])
    take('c')
    take('d')
    expect(stopped).toEqual(['a', 'b'])
  })
  it('has room again once a place was given back, and only once', () => {
    const slots = new Slots(2)
    const stopped: string[] = []
    const take = (name: string) => slots.take(() => stopped.push(name))
    const leave = take('a')
    take('b')
    leave()
    leave()
    take('c')
    expect(stopped).toEqual([])
    take('d')
    expect(stopped).toEqual(['b'])
  })
  it('does not mind that the stopped one gives its place back', () => {
    const slots = new Slots(1)
    const stopped: string[] = []
    const leave = slots.take(() => {
      stopped.push('a')
      leave()
    })
    slots.take(() => stopped.push('b'))
    expect(stopped).toEqual(['a'])
    slots.take(() => stopped.push('c'))
    expect(stopped).toEqual(['a', 'b'])
  })
})

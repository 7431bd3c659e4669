import { describe, expect, it } from 'vitest'
import { asStartupError } from './errors-startup.ts'

const failure = (code: string, syscall = 'open') => Object.assign(new Error(code), { code, syscall })

describe('asStartupError', () => {
  it.each([
    [failure('ENOSPC'), /The disk that holds \/data is full: .* set DATA_DIR/],
    [failure('EACCES'), /The folder \/data is not writable: .* set DATA_DIR/],
    [failure('ENOTDIR'), /not writable/],
    [failure('ENOENT', 'mkdir'), /not writable/],
  ])('%s', (error, sentence) =>
    expect(asStartupError(error, '/data')).toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(sentence) as string,
    }),
  )

  it('names the setting that moves the folder', () =>
    expect(asStartupError(failure('ENOSPC'), '/cache', 'CACHE_DIR')).toMatchObject({
      message: expect.stringContaining('set CACHE_DIR') as string,
    }))

  it('leaves anything else as it is', () => {
    const error = failure('ENOENT')
    expect(asStartupError(error, '/data')).toBe(error)
  })
})

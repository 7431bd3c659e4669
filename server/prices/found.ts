import { AppError } from '../errors.ts'

/** What the city's pack has under a code. Throws 'not-found' where it has nothing. */
export function found<T>(value: T | undefined, kind: 'commodity' | 'market', code: string): T {
  if (value === undefined) throw new AppError('not-found', `No ${kind} has the code ${code}.`)
  return value
}

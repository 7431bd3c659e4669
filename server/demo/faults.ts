import { chance } from './chance.ts'

const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** A kind of fault: in each window of its subject's time it happens at most once, wholly inside the window. */
export interface Fault {
  name: string
  windowMs: number
  /** that it happens in a window */
  probability: number
  shortestMs: number
  longestMs: number
}
export const FAULTS = {
  flicker: {
    name: 'flicker',
    windowMs: 3 * MINUTE,
    probability: 0.08,
    shortestMs: 10 * SECOND,
    longestMs: 40 * SECOND,
  },
  single: {
    name: 'single',
    windowMs: 15 * MINUTE,
    probability: 0.04,
    shortestMs: MINUTE,
    longestMs: 6 * MINUTE,
  },
  dead: {
    name: 'dead',
    windowMs: 120 * HOUR,
    probability: 0.025,
    shortestMs: 8 * HOUR,
    longestMs: 72 * HOUR,
  },
  pole: {
    name: 'pole',
    windowMs: 40 * MINUTE,
    probability: 0.04,
    shortestMs: 3 * MINUTE,
    longestMs: 8 * MINUTE,
  },
  gone: {
    name: 'gone',
    windowMs: 60 * MINUTE,
    probability: 0.03,
    shortestMs: 3 * MINUTE,
    longestMs: 9 * MINUTE,
  },
  /** it answers as ever and shows nothing of use: no portal knows of it */
  blind: {
    name: 'blind',
    windowMs: 12 * HOUR,
    probability: 0.06,
    shortestMs: HOUR,
    longestMs: 6 * HOUR,
  },
} as const satisfies Record<string, Fault>
export type FaultName = keyof typeof FAULTS

/** A stretch of time [from, to), ms since 1970. */
export interface Stretch {
  from: number
  to: number
}

export const covers = ({ from, to }: Stretch, ms: number) => from <= ms && ms < to

/** When a fault strikes its subject in one of the subject's windows; undefined where it does not. */
function stretchIn(seed: number, fault: Fault, subject: string, window: number): Stretch | undefined {
  const { name, windowMs, probability, shortestMs, longestMs } = fault
  if (chance(seed, name, subject, window) >= probability) return undefined
  const length = shortestMs + chance(seed, name, subject, window, 'length') * (longestMs - shortestMs)
  const begins = chance(seed, name, subject, window, 'from') * (windowMs - length)
  const from = window * windowMs + begins - phaseOf(seed, fault, subject)
  return { from, to: from + length }
}

const phaseOf = (seed: number, { name, windowMs }: Fault, subject: string) =>
  chance(seed, name, subject, 'phase') * windowMs
const windowAt = (seed: number, fault: Fault, subject: string, ms: number) =>
  Math.floor((ms + phaseOf(seed, fault, subject)) / fault.windowMs)

/** The stretch of a fault of a kind in which its subject is at a moment; undefined where nothing is wrong with it. */
export function strikeAt(seed: number, fault: Fault, subject: string, ms: number): Stretch | undefined {
  const stretch = stretchIn(seed, fault, subject, windowAt(seed, fault, subject, ms))
  return stretch !== undefined && covers(stretch, ms) ? stretch : undefined
}

/** Every stretch that may reach into the time from..to. */
export function stretchesOf(
  seed: number,
  fault: Fault,
  subject: string,
  from: number,
  to: number,
): Stretch[] {
  const [first, last] = [windowAt(seed, fault, subject, from), windowAt(seed, fault, subject, to)]
  return Array.from({ length: last - first + 1 }, (_, index) =>
    stretchIn(seed, fault, subject, first + index),
  ).filter((stretch) => stretch !== undefined)
}

import { spawn } from 'node:child_process'
import type { Scope } from '../layers/scope.ts'
import { ProbeFault } from '../types.ts'

/** There is no ffmpeg on this machine. */
export class FfmpegMissing extends Error {
  constructor() {
    super('ffmpeg is not installed')
  }
}

export interface FfmpegRun {
  /** what it reads at pipe:0 */
  input?: Buffer
  timeoutMs: number
  /** of what it writes to pipe:1 */
  maxBytes: number
  /** with whose end it ends, too */
  scope: Scope
}

/** Two megabytes unfold to a picture of two gigabytes. The largest sensors have 33 megapixels. */
const MAX_PIXELS = 40_000_000

/** At start, and in all: no terminal, no words, no picture that eats the memory, and of protocols those that are named. */
export const quietly = (protocols: string): string[] => [
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  'error',
  '-protocol_whitelist',
  protocols,
  '-max_pixels',
  String(MAX_PIXELS),
]

/** Runs ffmpeg for one picture each: a few at once, each bounded in time and output, and always reaped. */
export class Ffmpeg {
  readonly #program: string
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #taken = 0
  /** processes now */
  running = 0

  constructor({ program = 'ffmpeg', most = 4 }: { program?: string; most?: number } = {}) {
    this.#program = program
    this.#most = most
  }

  /** Does the work when it is its turn, so that nobody holds a camera's connection while waiting for room. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#most) await new Promise<void>((go) => this.#waiting.push(go))
    else this.#taken += 1
    try {
      return await work()
    } finally {
      // who waits takes over the place
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken -= 1
      else next()
    }
  }

  /** What it writes to pipe:1. Throws FfmpegMissing, or a ProbeFault 'no-picture'. */
  async run(args: readonly string[], limits: FfmpegRun): Promise<Buffer> {
    this.running += 1
    try {
      return await runOnce(this.#program, args, limits)
    } finally {
      this.running -= 1
    }
  }
}

function runOnce(
  program: string,
  args: readonly string[],
  { input, timeoutMs, maxBytes, scope }: FfmpegRun,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    let length = 0
    let fault: Error | undefined
    const kill = (reason: Error) => {
      fault ??= reason
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => kill(new ProbeFault('no-picture', 'timeout')), timeoutMs)
    scope.own({ destroy: () => kill(new ProbeFault('no-picture', 'stopped')) })
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) kill(new ProbeFault('bad-picture', 'too large'))
      else chunks.push(chunk)
    })
    // it may have its picture before it read everything
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('error', (error: NodeJS.ErrnoException) => {
      fault ??= error.code === 'ENOENT' ? new FfmpegMissing() : error
    })
    child.on('close', () => {
      clearTimeout(timer)
      if (fault !== undefined) reject(fault)
      else if (length === 0) reject(new ProbeFault('no-picture', 'no frame'))
      else resolve(Buffer.concat(chunks))
    })
  })
}

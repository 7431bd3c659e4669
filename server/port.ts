import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartupError } from './errors-startup.ts'

interface Place {
  host: string
  port: number
}

/** Tries the place where the product will listen, before the minutes of work that come first. Throws StartupError. */
export async function requireFreePort(place: Place): Promise<void> {
  const probe = createServer()
  try {
    probe.listen(place.port, place.host)
    await once(probe, 'listening')
  } catch (cause) {
    throw listenError(cause, place)
  } finally {
    probe.close()
  }
}

/** Why it can't listen there, in a sentence that says what to do; anything else comes back as it was. */
export function listenError(cause: unknown, { host, port }: Place): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new StartupError(`Port ${port} is taken by another program: end it, or set PORT to a free one.`)
    case 'EACCES':
      return new StartupError(
        `Port ${port} needs more rights than this user has: set PORT to one above 1023.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(
        `This machine has no address ${host}: set HOST to 127.0.0.1, or to one that it has.`,
      )
    default:
      return cause
  }
}

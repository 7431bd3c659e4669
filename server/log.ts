import type { FastifyRequest } from 'fastify'
import { pino, type Logger } from 'pino'

/** Tokens stand in a path or a query where a browser must be led by a link; a log is no place for them. */
export function shownUrl(url: string): string {
  return url
    .replace(/^\/+(s|%73)(e|%65)(t|%74)(u|%75)(p|%70)\/[^?]*/i, '/setup/…')
    .replace(/^(\/api\/video\/)[^/?]*/, '$1…')
    .replace(/\?.*$/, '?…')
}

/** Logs requests with their ids; neither headers nor bodies, where passwords, cookies and keys are. */
export function createLog(level: string): Logger {
  return pino({
    level,
    redact: ['*.authorization', '*.cookie', '*.password', '*.token', '*.key'],
    serializers: {
      req: (request: FastifyRequest) => ({
        id: request.id,
        method: request.method,
        url: shownUrl(request.url),
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
    },
  })
}

const QUIET = /^\/(api\/ingest\/|api\/video\/|healthz|readyz|metrics|assets\/)/

/** Logging each ingest request costs a quarter of them; players and those that watch the process ask all the time. */
export const isQuiet = (request: { url?: string }): boolean => QUIET.test(request.url ?? '')

/** What the scheduler says goes where everything goes; that a slow run is skipped is no news. */
export const schedulerLog = (log: Logger) => ({
  info: (message: string) => log.debug(message),
  warn: (message: string) => log.info(message),
  error: (message: string | Error) => log.warn({ err: message }, 'the scheduler'),
  debug: (message: string | Error) => log.debug({ err: message }, 'the scheduler'),
})

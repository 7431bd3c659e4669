import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isConnectionLoss, isDiskFull } from './database/pool.ts'

/** The closed set of error kinds, translated to HTTP once, here. */
export const ERROR_STATUS = {
  'bad-input': 400,
  'not-signed-in': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'wrong-type': 415,
  'too-many': 429,
  unavailable: 503,
} as const
export type ErrorKind = keyof typeof ERROR_STATUS

/** An error that a client may read: what happened and what to do. */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly details: Record<string, unknown>
  constructor(kind: ErrorKind, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.kind = kind
    this.details = details
  }
}

/** What every failure looks like. Some kinds say more: what a limit is, or how long to wait. */
export const ErrorBody = Type.Object(
  {
    error: Type.String({ description: `one of ${Object.keys(ERROR_STATUS).join(', ')}, internal` }),
    message: Type.String(),
    requestId: Type.String({ description: "names the request in the server's log" }),
    field: Type.Optional(
      Type.String({ description: 'the field that does not fit, with dots between levels' }),
    ),
    expected: Type.Optional(Type.String({ description: 'what was expected of it' })),
  },
  { additionalProperties: true },
)

const KIND_OF_STATUS: Record<number, ErrorKind> = {
  401: 'not-signed-in',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  415: 'wrong-type',
  429: 'too-many',
}

/** Fastify's error handler: every failure leaves in the same form, and what is inside stays inside. */
export function handleError(
  error: FastifyError | AppError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const body = (kind: string, message: string, details: Record<string, unknown> = {}) => ({
    error: kind,
    message,
    requestId: request.id,
    ...details,
  })
  if (error instanceof AppError)
    return reply.code(ERROR_STATUS[error.kind]).send(body(error.kind, error.message, error.details))
  if (isDiskFull(error)) {
    request.log.error({ err: error }, "the database's disk is full: free some space there")
    return reply
      .code(503)
      .header('retry-after', '60')
      .send(
        body(
          'unavailable',
          "The database's disk is full. Free some space there and send the same request again: what of it was stored is not stored twice.",
        ),
      )
  }
  if (isConnectionLoss(error)) {
    request.log.warn({ err: error }, 'the database is away')
    return reply
      .code(503)
      .header('retry-after', '2')
      .send(
        body(
          'unavailable',
          'The database is away. Send the same request again: what of it was stored is not stored twice.',
        ),
      )
  }
  if ('code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = request.routeOptions.bodyLimit
    return reply.code(413).send(
      body('too-large', `At most ${limit} bytes are taken in one request; nothing of it was stored.`, {
        limit,
      }),
    )
  }
  if ('code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const expected = (request.routeOptions.schema?.consumes ?? ['application/json']).join(' or ')
    return reply.code(415).send(body('wrong-type', `Send ${expected}.`, { field: 'content-type', expected }))
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status < 500) return reply.code(status).send(body(KIND_OF_STATUS[status] ?? 'bad-input', error.message))
  request.log.error({ err: error }, 'request failed')
  return reply
    .code(500)
    .send(body('internal', 'Something failed on the server; its log tells more under this request id.'))
}

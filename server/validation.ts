import type { FastifySchemaCompiler } from 'fastify'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'
import { AppError } from './errors.ts'

/**
 * Checks what comes from outside. Bodies are taken as they are or refused: a null is not a 0 and "12" is not 12.
 * Parameters, queries and headers are text by nature; there numbers are read from text and defaults filled in.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'request' }) => {
  const check = Compile(schema)
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Value.Convert(schema, Value.Default(schema, data))
    if (check.Check(value)) return { value }
    const { field, expected } = misfit(check.Errors(value)[0])
    const place = field === '' ? httpPart : `${httpPart}.${field}`
    return { error: new AppError('bad-input', `${place} ${expected}`, { field, expected }) }
  }
}

interface SchemaFault {
  keyword?: string
  instancePath: string
  message: string
  params?: object
}

/** Which field does not fit and what was expected of it. A key that is missing or unknown is named, not the object around it. */
export function misfit(fault: SchemaFault | undefined): { field: string; expected: string } {
  const { requiredProperties: [missing] = [], additionalProperties: [unknown] = [] } = (fault?.params ??
    {}) as {
    requiredProperties?: string[]
    additionalProperties?: string[]
  }
  const path = fault?.instancePath.slice(1).split('/') ?? []
  const field = [...path, missing ?? unknown ?? ''].filter((part) => part !== '').join('.')
  if (missing !== undefined) return { field, expected: 'is required' }
  // a schema of false stands for what may not be there
  if (unknown !== undefined || fault?.keyword === 'boolean') return { field, expected: 'is unknown here' }
  return { field, expected: fault?.message ?? 'does not fit' }
}

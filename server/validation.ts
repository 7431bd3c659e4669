import type { FastifySchemaCompiler } from 'fastify'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'

/**
 * Checks what comes from outside. Bodies are taken as they are or refused: a null is not a 0 and "12" is not 12.
 * Parameters, queries and headers are text by nature; there numbers are read from text and defaults filled in.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema)
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : Value.Convert(schema, Value.Default(schema, data))
    if (check.Check(value)) return { value }
    const first = check.Errors(value)[0]
    const place = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
    return {
      error: new Error(
        `${httpPart ?? 'request'}${place === '' ? '' : `.${place}`} ${first?.message ?? 'does not fit'}`,
      ),
    }
  }
}

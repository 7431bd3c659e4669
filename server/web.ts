import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { App } from './context.ts'
import { AppError } from './errors.ts'

export const WEB_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url))

/** The built page; every address that is not the API's is the page's own. */
export async function webRoutes(app: App, folder = WEB_FOLDER): Promise<void> {
  const built = existsSync(`${folder}/index.html`)
  if (built)
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      setHeaders: (reply, path) =>
        // Built files carry their content's hash in their name; the page itself is asked for anew each time.
        void reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    })
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || /^\/(api|socket\.io|assets)\b/.test(request.url) || !built)
      throw new AppError('not-found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}

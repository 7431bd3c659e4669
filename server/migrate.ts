import { migrate } from './database/migrate.ts'
import { StartupError } from './errors-startup.ts'

const url = process.env['DATABASE_URL']
try {
  if (!url)
    throw new StartupError(
      'Set DATABASE_URL to the database to migrate (npm start migrates the embedded one by itself).',
    )
  const applied = await migrate(url, { log: console.log })
  if (applied.length === 0) console.log('nothing to migrate')
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
}

/** Builds the page as a start of the product does, so that the next start finds it built. */
import { buildWeb } from './web-build.ts'

await buildWeb((step) => process.stdout.write(`${step}\n`))

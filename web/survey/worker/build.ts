import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'

/** The pages that open without a connection, and the one that signs in when it is back. */
const PAGES = ['survey/SurveyPage.svelte', 'survey/FillPage.svelte', 'access/SignInPage.svelte']
/** Of the font's many scripts the one of the two languages. */
const FONT = /inter-latin-wght-normal/

/** Builds the service worker beside the page, with the list of the files that it keeps. */
export function surveyWorker(): Plugin {
  let shell: string[] = []
  let out = ''
  return {
    name: 'survey-worker',
    apply: 'build',
    configResolved({ root, build }) {
      out = resolve(root, build.outDir)
    },
    generateBundle(_options, bundle) {
      shell = filesOf(bundle)
    },
    async closeBundle() {
      const entries = [
        ...shell.map((file) => ({ url: `/${file}`, revision: null })),
        await revised(out, 'index.html'),
      ]
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { __SHELL__: JSON.stringify(entries), 'process.env.NODE_ENV': '"production"' },
        build: {
          outDir: out,
          emptyOutDir: false,
          target: 'es2022',
          rolldownOptions: {
            input: fileURLToPath(new URL('sw.ts', import.meta.url)),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      })
    },
  }
}

/** What a built file is called changes with its content; of the others a hash tells. */
async function revised(folder: string, file: string): Promise<{ url: string; revision: string }> {
  const content = await readFile(`${folder}/${file}`)
  return { url: `/${file}`, revision: createHash('sha256').update(content).digest('hex').slice(0, 16) }
}

/** The entry and the pages with all that they import, and their styles. */
function filesOf(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const files = new Set<string>()
  const add = (file: string) => {
    const chunk = byFile.get(file)
    if (chunk === undefined || files.has(file)) return
    files.add(file)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style)
    chunk.imports.forEach(add)
  }
  for (const { isEntry, facadeModuleId, fileName } of chunks)
    if (isEntry || PAGES.some((page) => facadeModuleId?.endsWith(page) === true)) add(fileName)
  for (const file of Object.keys(bundle)) if (FONT.test(file)) files.add(file)
  return [...files].sort()
}

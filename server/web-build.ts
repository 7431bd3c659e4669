import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { StartupError } from './errors-startup.ts'
import { WEB_FOLDER } from './web.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds the page when its sources changed since it was built last; a version that came with git pull is never old. */
export async function buildWeb(progress: (step: string) => void, signal?: AbortSignal): Promise<void> {
  const print = await fingerprint()
  const stamp = `${WEB_FOLDER}/.sources`
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === print) return
  progress('Building the page')
  await run(signal)
  await writeFile(stamp, print)
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['web', 'server/contract']) {
    const names = await readdir(`${root}${folder}`, { recursive: true, withFileTypes: true })
    const files = names
      .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.startsWith(`${WEB_FOLDER}/`))
      .map((entry) => `${entry.parentPath}/${entry.name}`)
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file))
  }
  return hash.update(await readFile(`${root}package-lock.json`)).digest('hex')
}

function run(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [`${root}node_modules/vite/bin/vite.js`, 'build', 'web', '--logLevel', 'warn'],
      {
        cwd: root,
        // Whoever starts the product may be at development or a test: the page that it serves is the real one.
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal && { signal }),
      },
    )
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.stderr.on('data', (chunk) => (output += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new StartupError(
              `The page could not be built; run "npm ci" and start again. Vite said:\n${output}`,
            ),
          ),
    )
  })
}

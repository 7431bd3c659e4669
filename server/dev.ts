/** npm run dev: the server starts again when its files change; Vite serves the page and replaces what changed in it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { readConfig } from './config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { port } = readConfig(process.env)
const api = `http://127.0.0.1:${port}`

// Node's own watcher waits until the server has ended in order; its database would be left running else.
const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'server/start.js'], {
  cwd: root,
  stdio: 'inherit',
})
const ended = once(server, 'exit')
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => server.kill(name))

const page = await createServer({
  root: `${root}web`,
  configFile: `${root}web/vite.config.ts`,
  clearScreen: false,
  server: { host: '127.0.0.1', proxy: { '/api': api, '/socket.io': { target: api, ws: true } } },
})
await page.listen()
page.printUrls()
await ended
await page.close()

/** npm run dev: the server restarts when its files change; Vite serves the page and replaces what changed in it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (args: string[]) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })

const children = [
  run(['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts']),
  run(['node_modules/vite/bin/vite.js', 'web', '--host', '127.0.0.1']),
]
const end = () => children.forEach((child) => child.kill('SIGTERM'))
process.on('SIGINT', end)
process.on('SIGTERM', end)
children.forEach((child) => child.once('exit', end))

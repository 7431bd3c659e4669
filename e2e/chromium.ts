import { existsSync } from 'node:fs'
import { installPackages } from './debian.ts'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Path of whichever Chromium is there. As root on Debian it is installed where none is. */
export function findChromium(): string {
  const there = [process.env.CHROMIUM ?? '', ...PLACES].find((path) => path !== '' && existsSync(path))
  if (there !== undefined) return there
  if (installPackages(['chromium'])) return findChromium()
  throw new Error(
    'The tests in the browser need Chromium: install the package "chromium", or set CHROMIUM to its path.',
  )
}

/** Without a sandbox only as root, who has none; the rest keeps the browser from calling home. */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

import { existsSync } from 'node:fs'
import { installPackages } from './debian.ts'

const PLACES = [
  // Without windows around its pages: a page opens in a third of the time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** What Debian calls them, in the order of preference. */
const PACKAGES = ['chromium-headless-shell', 'chromium']

/** Path of whichever Chromium is there. As root on Debian it is installed where none is. */
export function findChromium(): string {
  const found = onThisMachine()
  if (found !== undefined) return found
  for (const name of PACKAGES) {
    if (!installPackages([name])) continue
    const installed = onThisMachine()
    if (installed !== undefined) return installed
  }
  throw new Error(
    'The tests in the browser need Chromium: install the package "chromium", or set CHROMIUM to its path.',
  )
}

const onThisMachine = (): string | undefined =>
  [process.env.CHROMIUM ?? '', ...PLACES].find((path) => path !== '' && existsSync(path))

/** Without a sandbox only as root, who has none; the rest keeps the browser from calling home. */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

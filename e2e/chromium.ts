import { existsSync } from 'node:fs'
import { installPackages } from './debian.ts'

/** Without windows around its pages: a page opens in a third of the time, but is drawn more slowly. */
const SHELL = '/usr/bin/chromium-headless-shell'
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** What Debian calls them, in the order of preference. */
const PACKAGES = ['chromium-headless-shell', 'chromium']

/**
 * Path of whichever Chromium is there. As root on Debian it is installed where none is.
 * @param whole the browser that people use, rather than its shell, where both are there
 */
export function findChromium({ whole = false } = {}): string {
  const places = whole ? [...PLACES, SHELL] : [SHELL, ...PLACES]
  const onThisMachine = () =>
    [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path))
  const found = onThisMachine()
  if (found !== undefined) return found
  for (const name of whole ? PACKAGES.toReversed() : PACKAGES) {
    if (!installPackages([name])) continue
    const installed = onThisMachine()
    if (installed !== undefined) return installed
  }
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

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the parts are made of: where it is found, and the Debian package that brings it. */
const PARTS: Record<string, string[]> = {
  ffmpeg: programs('ffmpeg'),
  fping: programs('fping'),
  nginx: programs('nginx'),
  openssl: programs('openssl'),
  'libreoffice-calc-nogui': programs('soffice'),
  'python3-gi': ['/usr/lib/python3/dist-packages/gi/__init__.py'],
  'gir1.2-gst-rtsp-server-1.0': libraries('girepository-1.0/GstRtspServer-1.0.typelib'),
  'gstreamer1.0-plugins-base': libraries('gstreamer-1.0/libgstvideotestsrc.so'),
  'gstreamer1.0-plugins-good': libraries('gstreamer-1.0/libgstrtp.so'),
  'gstreamer1.0-plugins-ugly': libraries('gstreamer-1.0/libgstx264.so'),
}
export const RTSP_PARTS = Object.keys(PARTS).filter((name) => /^(?:python3|gir|gstreamer)/.test(name))

/** The Debian packages that the parts need and that are not installed. */
export function missingParts(packages: readonly string[] = Object.keys(PARTS)): string[] {
  return packages.filter((name) => !(PARTS[name] ?? []).some((path) => existsSync(path)))
}

/** Throws one sentence that names the Debian packages that are missing. */
export function need(...packages: string[]): void {
  const missing = missingParts(packages)
  if (missing.length > 0)
    throw new Error(`The tests against real parts need: apt-get install ${missing.join(' ')}`)
}

/** Where a program is: Debian keeps some where a user's PATH does not look. */
export function programOf(name: string): string {
  need(name)
  return programs(name).find((path) => existsSync(path)) as string
}

function programs(name: string): string[] {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin'].map((folder) => join(folder, name))
}

function libraries(path: string): string[] {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : []
  return folders.filter((name) => /-linux-gnu\w*$/.test(name)).map((name) => join('/usr/lib', name, path))
}

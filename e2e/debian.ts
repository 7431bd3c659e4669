import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Installs packages as root on Debian; false where this machine or this user cannot, or where they are not to be had. */
export function installPackages(names: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  const options = {
    stdio: 'inherit' as const,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  const run = (...args: string[]) => spawnSync('apt-get', args, options).status === 0
  return run('update', '-qq') && run('install', '-y', '-qq', '--no-install-recommends', ...names)
}

import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull, StartupError } from '../../errors-startup.ts'
import type { Owner } from './owner.ts'
import { run } from './run.ts'
import { debianMirrors, systemSources } from './sources.ts'

const suite = 'trixie'

/** The servers and every library that they load: the system's own may be older, or missing. */
const packages = `
  postgresql-17 postgresql-17-timescaledb postgresql-client-17 libpq5 tzdata libc6 libssl3t64 libicu76 libxml2
  libldap2 libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1 libsasl2-2 libsystemd0
  libpam0g liblz4-1 libzstd1 zlib1g libstdc++6 libgcc-s1 liblzma5 libaudit1 libcap-ng0 libcap2 libreadline8t64
  libtinfo6`
  .trim()
  .split(/\s+/)

const ownServer = 'set DATABASE_URL to a PostgreSQL server of your own with TimescaleDB'

export async function debianArchitecture(): Promise<string> {
  const answer = await run('dpkg', ['--print-architecture']).catch(() => undefined)
  const architecture = answer?.output.trim()
  if (answer === undefined || !existsSync('/usr/bin/apt-get'))
    throw new StartupError(
      `The embedded database is fetched with apt-get, which this system lacks: ${ownServer}.`,
    )
  if (architecture !== 'amd64' && architecture !== 'arm64')
    throw new StartupError(
      `There is no embedded database for this processor (${architecture}): ${ownServer}.`,
    )
  return architecture
}

async function mirrorsToTry(setting: string | undefined): Promise<string[]> {
  const mirrors = setting ? [setting] : debianMirrors(await systemSources())
  if (mirrors.length === 0)
    throw new StartupError(
      `This system's package sources name no Debian mirror: set DEBIAN_MIRROR to one, or ${ownServer}.`,
    )
  return mirrors
}

function archiveKeyring(): string {
  const keyrings = ['gpg', 'pgp'].map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`)
  const found = keyrings.find((file) => existsSync(file))
  if (found) return found
  throw new StartupError(
    `The key that Debian's packages are signed with is missing: install the package debian-archive-keyring, or ${ownServer}.`,
  )
}

/** Fetches the packages below `folder` with apt-get's own verification, and unpacks them into `root`. */
export async function fetchPackages(options: {
  folder: string
  root: string
  architecture: string
  mirror: string | undefined
  owner: Owner | undefined
  signal: AbortSignal | undefined
  onProgress: (step: string) => void
}): Promise<void> {
  const { folder, root, architecture, owner, signal, onProgress } = options
  const mirrors = await mirrorsToTry(options.mirror)
  const keyring = archiveKeyring()

  let reason = ''
  for (const mirror of mirrors) {
    const work = await mkdtemp(join(folder, 'apt-'))
    reason = await download({ work, mirror, keyring, architecture, owner, signal, onProgress })
    if (reason === '') {
      onProgress('unpacking PostgreSQL and TimescaleDB')
      await unpack(join(work, 'cache/archives'), root, signal)
      return
    }
    await rm(work, { recursive: true, force: true })
    if (/(no|enough free) space/i.test(reason)) throw diskFull(folder, 'CACHE_DIR')
  }
  throw new StartupError(
    `Fetching PostgreSQL and TimescaleDB from the Debian mirror failed (${reason}): check the network and start again, set DEBIAN_MIRROR to another mirror, or ${ownServer}.`,
  )
}

/** Empty where it went well, else apt-get's own reason. */
async function download(options: {
  work: string
  mirror: string
  keyring: string
  architecture: string
  owner: Owner | undefined
  signal: AbortSignal | undefined
  onProgress: (step: string) => void
}): Promise<string> {
  const { work, mirror, keyring, owner, signal, onProgress } = options
  for (const part of [
    '',
    'state',
    'state/lists',
    'state/lists/partial',
    'cache',
    'cache/archives',
    'cache/archives/partial',
    'etc',
  ]) {
    const path = join(work, part)
    mkdirSync(path, { recursive: true })
    chmodSync(path, 0o755)
    if (owner) chownSync(path, owner.uid, owner.gid)
  }
  await writeFile(join(work, 'state/status'), '')
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`)
  await writeFile(join(work, 'apt.conf'), aptConfig(work, options.architecture))
  for (const file of ['state/status', 'sources.list', 'apt.conf']) chmodSync(join(work, file), 0o644)

  const apt = (args: string[]) =>
    run('apt-get', [`-c=${join(work, 'apt.conf')}`, '-q', ...args], {
      owner,
      signal,
      cwd: join(work, 'cache/archives'),
    })
  onProgress("reading the Debian mirror's list of packages")
  const update = await apt(['update'])
  if (update.code !== 0 || /^[EW]: .*Failed to fetch/m.test(update.output)) return reasonIn(update.output)
  onProgress('fetching PostgreSQL and TimescaleDB (about 40 MB)')
  const fetched = await apt(['download', ...packages])
  return fetched.code === 0 ? '' : reasonIn(fetched.output)
}

/** Given with -c, which is read last: it wins over the system's own settings, yet keeps a proxy that they name. */
function aptConfig(work: string, architecture: string): string {
  return `
    #clear APT::Architectures;
    #clear APT::Update;
    #clear DPkg;
    APT::Architecture "${architecture}";
    APT::Architectures { "${architecture}"; };
    APT::Default-Release "";
    APT::Sandbox::User "";
    Dir::State "${work}/state";
    Dir::State::status "${work}/state/status";
    Dir::Cache "${work}/cache";
    Dir::Log "${work}/state";
    Dir::Etc::sourcelist "${work}/sources.list";
    Dir::Etc::sourceparts "${work}/etc";
    Dir::Etc::preferences "${work}/etc/none";
    Dir::Etc::preferencesparts "${work}/etc";
    Acquire::Languages "none";
    Acquire::PDiffs "false";
    Acquire::Retries "2";
    Acquire::http::Timeout "20";
    Acquire::https::Timeout "20";
    Acquire::AllowInsecureRepositories "false";
    APT::Get::AllowUnauthenticated "false";
  `.replace(/^ +/gm, '')
}

function reasonIn(output: string): string {
  const reasons = [...output.matchAll(/^[EW]: *(.*)/gm)].map((match) => match[1]!.trim().replace(/\.$/, ''))
  return reasons.find((reason) => /fetch|sign|verif/i.test(reason)) ?? reasons[0] ?? 'apt-get gave no reason'
}

async function unpack(archives: string, root: string, signal: AbortSignal | undefined): Promise<void> {
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'))
  if (files.length !== packages.length)
    throw new StartupError(
      `The mirror sent ${files.length} of ${packages.length} packages: start again, or ${ownServer}.`,
    )
  for (const file of files) {
    const { code, output } = await run('dpkg', ['-x', join(archives, file), root], { signal })
    if (code === 0) continue
    if (output.includes('No space left')) throw diskFull(root, 'CACHE_DIR')
    throw new StartupError(`Unpacking ${file} failed (${output.trim()}): start again, or ${ownServer}.`)
  }
}

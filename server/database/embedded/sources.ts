import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One archive that the system fetches packages from. */
export interface Source {
  uri: string
  suites: string[]
  components: string[]
  signedBy: string | undefined
}

/** The one-line form: `deb [options] uri suite component...`. */
export function readList(text: string): Source[] {
  const sources: Source[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line)
    if (!match) continue
    const [, options = '', uri = '', suite = '', components = ''] = match
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1]
    sources.push({ uri, suites: [suite], components: words(components), signedBy })
  }
  return sources
}

/** The deb822 form: stanzas of `Field: value`, values going on in indented lines. */
export function readStanzas(text: string): Source[] {
  const sources: Source[] = []
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('#'))
  for (const stanza of lines.join('\n').split(/\n\s*\n/)) {
    const fields = new Map<string, string>()
    for (const match of stanza.matchAll(/^([A-Za-z][\w-]*)[ \t]*:(.*(?:\n[ \t].*)*)/gm))
      fields.set(match[1]!.toLowerCase(), match[2]!.trim())
    const enabled = !/^(no|false|0|off)$/i.test(fields.get('enabled') ?? 'yes')
    if (!enabled || !words(fields.get('types')).includes('deb')) continue
    for (const uri of words(fields.get('uris')))
      sources.push({
        uri,
        suites: words(fields.get('suites')),
        components: words(fields.get('components')),
        signedBy: fields.get('signed-by') || undefined,
      })
  }
  return sources
}

const words = (text = '') => text.split(/\s+/).filter(Boolean)

const debianSuite =
  /^(stable|oldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky|duke)(-updates|-backports)?$/

/** Where the whole of Debian can be had, best first. Vendors also end their address in `/debian`: their own key tells. */
export function debianMirrors(sources: Source[]): string[] {
  const mirrors = sources.filter(
    ({ uri, suites, components, signedBy }) =>
      !uri.startsWith('cdrom:') &&
      /\/debian(\/\d{8}T\d{6}Z)?\/?$|\/debian\.list$/.test(uri) &&
      suites.some((suite) => debianSuite.test(suite)) &&
      components.includes('main') &&
      (signedBy === undefined || signedBy.includes('/debian-archive-')),
  )
  const rank = (source: Source) =>
    Number(!source.suites.some((suite) => suite.startsWith('trixie'))) +
    2 * Number(source.signedBy === undefined)
  const best = mirrors.map((source) => ({ uri: source.uri, rank: rank(source) }))
  return [...new Set(best.sort((a, b) => a.rank - b.rank).map(({ uri }) => uri))]
}

/** The system's own list of archives; a file that cannot be read names none. */
export async function systemSources(folder = '/etc/apt'): Promise<Source[]> {
  const parts = join(folder, 'sources.list.d')
  const names = await readdir(parts).catch(() => [])
  const files = [join(folder, 'sources.list'), ...names.sort().map((name) => join(parts, name))]
  const sources: Source[] = []
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (file.endsWith('.list')) sources.push(...readList(text))
    if (file.endsWith('.sources')) sources.push(...readStanzas(text))
  }
  return sources
}

import { describe, expect, it } from 'vitest'
import { debianMirrors, readList, readStanzas } from './sources.ts'

const uri = 'http://mirror.example/debian'
const source = (over: object) => ({
  uri,
  suites: ['bookworm'],
  components: ['main'],
  signedBy: undefined,
  ...over,
})

describe('readList', () => {
  it.each([
    ['plain', `deb ${uri} bookworm main contrib`, [source({ components: ['main', 'contrib'] })]],
    [
      'with options',
      `deb [arch=amd64 signed-by=/k.gpg] ${uri} bookworm main`,
      [source({ signedBy: '/k.gpg' })],
    ],
    ['a comment behind', `deb ${uri} bookworm main # ours`, [source({})]],
    ['commented out', `# deb ${uri} bookworm main`, []],
    ['sources of programs', `deb-src ${uri} bookworm main`, []],
    ['nothing', '', []],
  ])('%s', (_name, text, expected) => expect(readList(text)).toEqual(expected))
})

describe('readStanzas', () => {
  const stanza = (more = '') => `Types: deb\nURIs: ${uri}\nSuites: bookworm\nComponents: main\n${more}`
  it.each([
    ['plain', stanza(), [source({})]],
    ['signed', stanza('Signed-By: /k.gpg\n'), [source({ signedBy: '/k.gpg' })]],
    ['comments between fields', stanza().replace('URIs', '# a snapshot\nURIs'), [source({})]],
    ['fields in lower case', stanza().toLowerCase(), [source({})]],
    ['switched off', stanza('Enabled: no\n'), []],
    ['sources of programs only', stanza().replace('deb', 'deb-src'), []],
    ['both kinds', stanza().replace('deb', 'deb deb-src'), [source({})]],
    ['two stanzas', `${stanza()}\n${stanza()}`, [source({}), source({})]],
    [
      'two suites over two lines',
      stanza().replace('bookworm', '\n bookworm\n bookworm-updates'),
      [source({ suites: ['bookworm', 'bookworm-updates'] })],
    ],
    ['Windows line ends', stanza().replaceAll('\n', '\r\n'), [source({})]],
  ])('%s', (_name, text, expected) => expect(readStanzas(text)).toEqual(expected))

  it('keeps a key given in the stanza itself', () => {
    const key = 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n'
    expect(readStanzas(stanza(key))[0]?.signedBy).toContain('BEGIN PGP')
  })
})

describe('debianMirrors', () => {
  const debianKey = '/usr/share/keyrings/debian-archive-keyring.gpg'
  it.each([
    ['the plain archive', [source({})], [uri]],
    ['signed by Debian', [source({ signedBy: debianKey })], [uri]],
    ['below a folder', [source({ uri: 'http://m.example/pub/debian/' })], ['http://m.example/pub/debian/']],
    ['a snapshot', [source({ uri: `${uri}/20250520T000000Z` })], [`${uri}/20250520T000000Z`]],
    [
      'a list of mirrors',
      [source({ uri: 'mirror+file:///etc/apt/mirrors/debian.list' })],
      ['mirror+file:///etc/apt/mirrors/debian.list'],
    ],
    [
      'security only',
      [source({ uri: 'http://m.example/debian-security', suites: ['bookworm-security'] })],
      [],
    ],
    ['a vendor with a key of its own', [source({ signedBy: '/usr/share/keyrings/vendor.gpg' })], []],
    ['a vendor whose component is not main', [source({ components: ['stable'] })], []],
    ['Ubuntu', [source({ uri: 'http://m.example/ubuntu', suites: ['noble'] })], []],
    ['a disc', [source({ uri: 'cdrom:[Debian]/debian' })], []],
    ['the same twice', [source({}), source({ suites: ['bookworm-updates'] })], [uri]],
  ])('%s', (_name, sources, expected) => expect(debianMirrors(sources)).toEqual(expected))

  it('prefers what Debian signed, and the release that is fetched', () => {
    const sources = [
      source({ uri: 'http://a.example/debian' }),
      source({ uri: 'http://b.example/debian', signedBy: debianKey }),
      source({ uri: 'http://c.example/debian', signedBy: debianKey, suites: ['trixie'] }),
    ]
    expect(debianMirrors(sources).map((mirror) => mirror[7])).toEqual(['c', 'b', 'a'])
  })
})

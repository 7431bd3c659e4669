import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programOf } from './needs.ts'

/** How a server's certificate can be wrong, and one way to be right. */
export const CERTIFICATES = ['good', 'soon', 'expired', 'incomplete', 'untrusted', 'wrongName'] as const
export type CertificateKind = (typeof CERTIFICATES)[number]
export interface Certificates {
  /** PEM of the authority that signed them */
  authority: string
  /** the files of a server: key, and certificate with what it sends of its chain */
  files: Record<CertificateKind, { key: string; certificate: string }>
}

/** An authority, one between, and a certificate of each kind for 127.0.0.1 and localhost, made by openssl in a folder. */
export function makeCertificates(folder: string): Certificates {
  const openssl = programOf('openssl')
  const path = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync(openssl, args, { stdio: 'pipe' })
  const key = (name: string) =>
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path(`${name}.key`))
  const sign = (name: string, by: string | null, days: number, extensions: string) => {
    key(name)
    run('req', '-new', '-key', path(`${name}.key`), '-subj', `/CN=${name}`, '-out', path(`${name}.csr`))
    writeFileSync(path(`${name}.ext`), extensions)
    const signer =
      by === null
        ? ['-signkey', path(`${name}.key`)]
        : ['-CA', path(`${by}.crt`), '-CAkey', path(`${by}.key`), '-CAcreateserial']
    const csr = ['x509', '-req', '-in', path(`${name}.csr`), '-extfile', path(`${name}.ext`)]
    run(...csr, ...signer, '-days', String(days), '-out', path(`${name}.crt`))
  }
  const here = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  sign('root', null, 365, 'basicConstraints=critical,CA:true')
  sign('between', 'root', 365, 'basicConstraints=critical,CA:true')
  sign('good', 'between', 90, here)
  sign('soon', 'between', 5, here)
  sign('expired', 'between', -1, here)
  sign('incomplete', 'between', 90, here)
  sign('untrusted', null, 90, here)
  sign('wrongName', 'between', 90, 'subjectAltName=DNS:other.example')
  const read = (name: string) => readFileSync(path(`${name}.crt`), 'utf8')
  const files = Object.fromEntries(
    CERTIFICATES.map((kind) => {
      const alone = kind === 'incomplete' || kind === 'untrusted'
      const chain = path(`${kind}.pem`)
      writeFileSync(chain, alone ? read(kind) : read(kind) + read('between'))
      return [kind, { key: path(`${kind}.key`), certificate: chain }]
    }),
  ) as Certificates['files']
  return { authority: read('root'), files }
}

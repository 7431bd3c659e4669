import { isIP, type Socket } from 'node:net'
import {
  connect as tlsConnect,
  createSecureContext,
  rootCertificates,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { ProbeFault } from '../types.ts'
import { faultOf } from './socket.ts'

/** A certificate that has so many days left, or fewer, is told of. */
const SOON_DAYS = 14
const DAY_MS = 86_400_000
const USUAL = createSecureContext()

/** Who is trusted beside the usual authorities: certificates in PEM. Made once, it serves all checks. */
export const trust = (pem: string): SecureContext => createSecureContext({ ca: [...rootCertificates, pem] })

/**
 * TLS over a connection. A certificate that does not hold is looked at before anything is sent, and named: Node alone
 * would only say that it failed.
 * @param now ms since 1970
 */
export function secure(
  socket: Socket,
  host: string,
  secureContext: SecureContext = USUAL,
  now: number,
): Promise<{ socket: TLSSocket; expiring: string | null }> {
  return new Promise((resolve, reject) => {
    const tls = tlsConnect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext,
      rejectUnauthorized: false,
    })
    tls.once('secureConnect', () => {
      const certificate = tls.getPeerCertificate(true)
      if (tls.authorized) return resolve({ socket: tls, expiring: expiring(certificate, now) })
      tls.destroy()
      reject(certificateFault(String(tls.authorizationError), certificate))
    })
    tls.on('error', (error) => reject(handshakeFault(error)))
    tls.once('close', () => reject(new ProbeFault('reset')))
  })
}

/**
 * What is wrong with a certificate, by OpenSSL's name of the error. A lone certificate whose issuer is unknown comes from a
 * server that keeps the ones between to itself; browsers fetch those, so that it looks fine there.
 */
export function certificateFault(code: string, certificate: Partial<DetailedPeerCertificate>): ProbeFault {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return new ProbeFault('tls-expired', dayOf(expiredIn(certificate)))
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return new ProbeFault(chainOf(certificate).length > 1 ? 'tls-untrusted' : 'tls-incomplete')
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'CERT_UNTRUSTED':
    case 'CERT_REJECTED':
    case 'INVALID_CA':
      return new ProbeFault('tls-untrusted')
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return new ProbeFault('tls-name')
    default:
      return new ProbeFault('tls', code)
  }
}

/** "2026-12-24, 9 days left" where that is soon. */
export function expiring(certificate: Partial<DetailedPeerCertificate>, now: number): string | null {
  const until = Date.parse(certificate.valid_to ?? '')
  const days = Math.floor((until - now) / DAY_MS)
  return days <= SOON_DAYS ? `${dayOf(until)}, ${days} days left` : null
}

function handshakeFault(error: Error): Error {
  const fault = faultOf(error)
  if (fault instanceof ProbeFault) return fault
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return new ProbeFault(
    'tls',
    code
      .replace(/^ERR_SSL_/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
  )
}

/** Ends at a certificate that signed itself, or whose issuer was not sent. */
function chainOf(certificate: Partial<DetailedPeerCertificate>): Partial<DetailedPeerCertificate>[] {
  const chain = [certificate]
  for (let next = certificate.issuerCertificate; next !== undefined; next = next.issuerCertificate) {
    if (chain.includes(next)) break
    chain.push(next)
  }
  return chain
}

/** The earliest end in the chain: an authority between may have expired, too. */
const expiredIn = (certificate: Partial<DetailedPeerCertificate>): number =>
  Math.min(...chainOf(certificate).map(({ valid_to }) => Date.parse(valid_to ?? '')))

const dayOf = (time: number): string =>
  Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : ''

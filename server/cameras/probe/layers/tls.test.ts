import type { DetailedPeerCertificate } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { certificateFault, expiring } from './tls.ts'

type Certificate = Partial<DetailedPeerCertificate>
const until = (valid_to: string, issuer?: Certificate): Certificate => ({
  valid_to,
  ...(issuer === undefined ? {} : { issuerCertificate: issuer as DetailedPeerCertificate }),
})
const leaf = until('Dec 24 10:00:00 2026 GMT')
const chain = until('Dec 24 10:00:00 2026 GMT', until('Jan  1 00:00:00 2020 GMT'))
const own = until('Dec 24 10:00:00 2026 GMT')
own.issuerCertificate = own as DetailedPeerCertificate

describe('a certificate that does not hold', () => {
  it.each<[code: string, certificate: Certificate, fault: string, detail: string]>([
    ['CERT_HAS_EXPIRED', leaf, 'tls-expired', '2026-12-24'],
    ['CERT_HAS_EXPIRED', chain, 'tls-expired', '2020-01-01'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', leaf, 'tls-incomplete', ''],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', leaf, 'tls-incomplete', ''],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', chain, 'tls-untrusted', ''],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', own, 'tls-untrusted', ''],
    ['SELF_SIGNED_CERT_IN_CHAIN', chain, 'tls-untrusted', ''],
    ['ERR_TLS_CERT_ALTNAME_INVALID', leaf, 'tls-name', ''],
    ['CERT_NOT_YET_VALID', leaf, 'tls', 'CERT_NOT_YET_VALID'],
  ])('%s', (code, certificate, fault, detail) => {
    expect(certificateFault(code, certificate)).toMatchObject({ fault, detail })
  })
})

it.each([
  ['2026-12-10T09:00:00Z', '2026-12-24, 14 days left'],
  ['2026-12-24T09:00:00Z', '2026-12-24, 0 days left'],
  ['2026-12-09T09:00:00Z', null],
])('at %s its end is told as %s', (now, words) => {
  expect(expiring(leaf, Date.parse(now))).toBe(words)
})

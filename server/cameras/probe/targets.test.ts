import { describe, expect, it } from 'vitest'
import { addressFault, parseTarget, targetFaults, type TargetKind } from './targets.ts'

describe('an address', () => {
  it.each<[kind: TargetKind, address: string, host: string, port: number, secure: boolean]>([
    ['ping', '10.20.0.7', '10.20.0.7', 0, false],
    ['ping', 'cam-7.kota.example', 'cam-7.kota.example', 0, false],
    ['ping', 'fd00::7', 'fd00::7', 0, false],
    ['tcp', '10.20.0.7:554', '10.20.0.7', 554, false],
    ['tcp', 'nvr_1:8000', 'nvr_1', 8000, false],
    ['tcp', '[fd00::7]:554', 'fd00::7', 554, false],
    ['rtsp', 'rtsp://10.20.0.7/live', '10.20.0.7', 554, false],
    ['rtsp', 'rtsps://cam:7441/live', 'cam', 7441, true],
    ['rtsp', 'rtsp://[fd00::7]:8554/live?channel=1', 'fd00::7', 8554, false],
    ['http', 'http://cam/', 'cam', 80, false],
    ['hls', 'https://portal.example/a.m3u8', 'portal.example', 443, true],
    ['onvif', 'http://10.20.0.7:8080/onvif/device_service', '10.20.0.7', 8080, false],
    ['rtsp', 'rtsp://cam/user={username}&password={password}', 'cam', 554, false],
  ])('%s %s leads to %s port %i', (kind, address, host, port, secure) => {
    expect(parseTarget(kind, address)).toMatchObject({ host, port, secure })
    expect(addressFault(kind, address)).toBeNull()
  })

  it.each<[kind: TargetKind, address: string, expected: RegExp]>([
    ['ping', '10.20.0.7:80', /host name or an IP/],
    ['ping', 'http://10.20.0.7', /host name or an IP/],
    ['ping', '-c1', /host name or an IP/],
    ['tcp', '10.20.0.7', /host:port/],
    ['tcp', '10.20.0.7:0', /host:port/],
    ['tcp', '10.20.0.7:65536', /host:port/],
    ['tcp', 'fd00::7:554', /host:port/],
    ['rtsp', 'http://10.20.0.7/live', /rtsp:\/\/ or rtsps:/],
    ['rtsp', '10.20.0.7/live', /rtsp:\/\/ or rtsps:/],
    ['rtsp', 'rtsp:///live', /rtsp:\/\/ or rtsps:/],
    ['http', 'file:///etc/passwd', /http:\/\/ or https:/],
    ['hls', 'ftp://a/b.m3u8', /HLS playlist/],
    ['rtsp', 'rtsp://admin:secret@10.20.0.7/live', /without user name and password/],
    ['rtsp', 'rtsp://admin@10.20.0.7/live', /without user name and password/],
    ['snapshot', 'http://10.20.0.7/snap.jpg?user=admin&pwd=secret', /without user name and password/],
    ['rtsp', 'rtsp://10.20.0.7/user=admin_password=secret_channel=1', /without user name and password/],
  ])('%s %s is refused', (kind, address, expected) => {
    expect(addressFault(kind, address)).toMatch(expected)
  })

  it('takes the sign-in where the camera takes it only there', () => {
    const credentials = { username: 'a b', password: '$&/?#' }
    const target = parseTarget('rtsp', 'rtsp://cam/u={username}/p={password}', credentials)
    expect(target?.url?.href).toBe('rtsp://cam/u=a%20b/p=%24%26%2F%3F%23')
  })

  it('names each field that does not fit', () => {
    const faults = targetFaults({ tcp: '10.0.0.1:554', rtsp: 'http://10.0.0.1', http: 'cam' })
    expect(faults.map(({ field }) => field)).toEqual(['rtsp', 'http'])
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CERTIFICATES, makeCertificates, type CertificateKind, type Certificates } from './certificates.ts'
import { need, programOf } from './needs.ts'
import { startProgram, type Part } from './program.ts'
import { closedPort } from './sockets.ts'
import { advanced, makeRecording, makeStuck, startLive } from './video.ts'

export interface HlsServer extends Part {
  certificates: Certificates
  credentials: { username: string; password: string }
  urls: {
    /** advances, one segment a second */
    live: string
    master: string
    stuck: string
    recording: string
    /** `live`, 403 without the cookie that `portal` gives */
    cookie: string
    portal: string
    /** `live`, 403 unless it is asked for from `page` */
    referer: string
    page: string
    /** `live`, for who signs in (Basic) */
    signed: string
    redirect: string
    /** redirects for ever */
    loop: string
    /** redirects to 192.0.2.1, which nobody may have allowed */
    away: string
    missing: string
    /** a playlist whose segments are not there */
    empty: string
    /** 200, with a page where a playlist should be */
    html: string
  }
  /** `live` over TLS, by the certificate of the server */
  secure: Record<CertificateKind, string>
  /** Waits until the live playlist has moved on. */
  advanced(): Promise<void>
}

/** nginx on free ports of the loopback, with HLS that ffmpeg makes; all its files are in a folder that goes with it. */
export async function startHls(): Promise<HlsServer> {
  need('nginx', 'ffmpeg', 'openssl')
  const folder = await mkdtemp(join(tmpdir(), 'pantau-hls-'))
  const streams = join(folder, 'streams')
  const parts: Part[] = []
  const stop = async () => {
    await Promise.all(parts.map((part) => part.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const certificates = makeCertificates(folder)
    const live = join(streams, 'live')
    await makeStuck(join(streams, 'stuck'))
    await makeRecording(join(streams, 'recording'))
    parts.push(await startLive(live))
    const credentials = { username: 'operator', password: 'rahasia' }
    await writeFile(join(folder, 'passwords'), `${credentials.username}:{PLAIN}${credentials.password}\n`)
    const { port, ports, nginx } = await startNginx(folder, certificates)
    parts.push(nginx)
    const at = (path: string) => `http://127.0.0.1:${port}/${path}`
    const secure = Object.fromEntries(
      CERTIFICATES.map((kind) => [kind, `https://127.0.0.1:${ports[kind]}/live/live.m3u8`]),
    ) as HlsServer['secure']
    return {
      stop,
      certificates,
      credentials,
      secure,
      advanced: () => advanced(live),
      urls: {
        live: at('live/live.m3u8'),
        master: at('live/master.m3u8'),
        stuck: at('stuck/live.m3u8'),
        recording: at('recording/recording.m3u8'),
        cookie: at('cookie/live.m3u8'),
        portal: at('portal'),
        referer: at('referer/live.m3u8'),
        page: at('page'),
        signed: at('signed/live.m3u8'),
        redirect: at('redirect'),
        loop: at('loop'),
        away: at('away'),
        missing: at('missing'),
        empty: at('empty/live.m3u8'),
        html: at('page'),
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A port that was free may be gone a moment later: then others are tried. */
async function startNginx(folder: string, certificates: Certificates, tries = 3) {
  const port = await closedPort()
  const ports = Object.fromEntries(
    await Promise.all(CERTIFICATES.map(async (kind) => [kind, await closedPort()] as const)),
  ) as Record<CertificateKind, number>
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, ports, certificates))
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  try {
    const nginx = await startProgram(programOf('nginx'), args, /using the "epoll" event method/)
    return { port, ports, nginx }
  } catch (error) {
    if (tries === 1 || !String(error).includes('Address already in use')) throw error
    return startNginx(folder, certificates, tries - 1)
  }
}

function configuration(
  folder: string,
  port: number,
  ports: Record<CertificateKind, number>,
  { files }: Certificates,
): string {
  const secured = CERTIFICATES.map(
    (kind) => `
  server {
    listen 127.0.0.1:${ports[kind]} ssl;
    ssl_certificate ${files[kind].certificate};
    ssl_certificate_key ${files[kind].key};
    root ${folder}/streams;
  }`,
  )
  const live = `alias ${folder}/streams/live/;`
  // One process that stays with the test; all that it writes is in its folder.
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  server {
    listen 127.0.0.1:${port};
    root ${folder}/streams;
    location /cookie/ { if ($cookie_portal != "open") { return 403; } ${live} }
    location = /portal { add_header Set-Cookie "portal=open; Path=/; HttpOnly"; return 200 "portal"; }
    location /referer/ { if ($http_referer != "http://127.0.0.1:${port}/page") { return 403; } ${live} }
    location = /page { default_type text/html; return 200 "<!doctype html><title>page</title>"; }
    location /signed/ { auth_basic "camera"; auth_basic_user_file ${folder}/passwords; ${live} }
    location = /redirect { return 302 /live/live.m3u8; }
    location = /loop { return 302 /loop; }
    location = /away { return 302 http://192.0.2.1/live.m3u8; }
    location = /empty/live.m3u8 { alias ${folder}/streams/stuck/live.m3u8; }
  }${secured.join('')}
}
`
}

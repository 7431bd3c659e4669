/** Real servers that tests start on free ports of the loopback, and that end with the test. */
export { makeCertificates, type Certificates } from './certificates.ts'
export { startHls, type HlsServer } from './hls.ts'
export { missingParts } from './needs.ts'
export type { Part } from './program.ts'
export { startRtspServer, type RtspServer } from './rtsp.ts'
export { closedPort, listen, startHanging, startResetting, startSaying, type Listening } from './sockets.ts'
export { startLive } from './video.ts'

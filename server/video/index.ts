/** Live video on demand: HLS passed on, RTSP turned into HLS, WHEP introduced; and fresh pictures. */
export { videoRoutes } from './routes.ts'
export { createVideo, VIDEO_LIMITS, type Video, type VideoLimits, type VideoOptions } from './video.ts'

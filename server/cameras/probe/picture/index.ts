/** The picture layer: one picture of a camera, what is wrong with it, and the evidence that is kept of it. */
export {
  checkPicture,
  pictureFails,
  type PictureCheck,
  type PictureDeps,
  type PictureMemory,
} from './check-picture.ts'
export { decode } from './decode.ts'
export { Ffmpeg, FfmpegMissing, quietly } from './ffmpeg.ts'
export { grab, pictureSource, RTSP_INPUT, type GrabDeps } from './grab.ts'
export { keepEvidence, linkPictures } from './pictures-store.ts'
export { pictureRoutes } from './routes.ts'
export { openGate, videoEncoding, type Gate } from './rtsp-gate.ts'
export { connectionsOf, targetOf, webOf, type Place, type Reach } from './web.ts'

import type { CameraReading, Feed } from '../../ingest/reading.ts'
import { cameraList } from './camera-list.ts'
import { malangCameras } from './malang-cameras.ts'
import { malangRecords } from './malang-records.ts'

export { cameraListPresets } from './camera-list.presets.ts'

/** Every camera feed, by kind; options were checked against the feed's own schema before it is asked. */
export const cameraFeeds: Record<string, Feed<CameraReading>> = Object.fromEntries(
  [malangCameras, malangRecords, cameraList].map((feed) => [
    feed.kind,
    feed as unknown as Feed<CameraReading>,
  ]),
)

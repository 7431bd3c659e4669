import type { Camera, CameraStatus } from '#contract/camera.ts'
import { get } from './api.ts'
import { Changes } from './changes.ts'

const RETRY_MS = 5_000
/** Open pages do not all ask for a changed list at one moment. */
const SPREAD_MS = 2_000

const sameListing = (a: Camera, b: Camera) =>
  JSON.stringify({ ...a, status: null }) === JSON.stringify({ ...b, status: null })

/** All cameras; `version` moves with every batch, so that a list need not watch each of them. */
export class CamerasStore {
  readonly all = new Map<number, Camera>()
  version = $state(0)
  /** moves when cameras are added, renamed or moved */
  listVersion = $state(0)
  /** the list was there once; it may be renewed since */
  loaded = $state(false)
  /** why there is no list */
  error = $state<unknown>(null)
  /** what the socket told last: newer than a list that was under way meanwhile */
  readonly #told = new Map<number, CameraStatus>()
  readonly #changes = new Changes<CameraStatus[]>()
  #loading = false
  #again = false
  #soon: ReturnType<typeof setTimeout> | undefined

  onChange(listener: (statuses: CameraStatus[]) => void): () => void {
    return this.#changes.on(listener)
  }

  /** Loads the list by HTTP; a failure is tried again by itself. */
  async load(): Promise<void> {
    this.#again = this.#loading
    if (this.#loading) return
    this.#loading = true
    this.#cancel()
    try {
      const { cameras } = await get<{ cameras: Camera[] }>('/api/cameras')
      this.#list(cameras)
      this.loaded = true
      this.error = null
    } catch (error) {
      // A list that is there stays: its states are live all the same.
      if (!this.loaded) this.error = error
      this.#loadIn(RETRY_MS)
    } finally {
      this.#loading = false
    }
    if (this.#again) void this.load()
  }

  /** `listed`: what is known of the cameras themselves may have changed too. */
  put(statuses: readonly CameraStatus[], listed: boolean): void {
    let strange = false
    for (const status of statuses) {
      this.#told.set(status.id, status)
      const camera = this.all.get(status.id)
      if (camera === undefined) strange = true
      else camera.status = status
    }
    if (!this.loaded) void this.load()
    else if (listed || strange) this.#loadIn(Math.random() * SPREAD_MS)
    this.version += 1
    this.#changes.tell([...statuses])
  }

  /** A camera's object stays for as long as only its status changes: who shows it need not look for it again. */
  #list(cameras: readonly Camera[]): void {
    for (const listed of cameras) {
      const camera = { ...listed, status: this.#told.get(listed.id) ?? listed.status }
      const known = this.all.get(listed.id)
      if (known !== undefined && sameListing(known, camera)) known.status = camera.status
      else this.all.set(camera.id, camera)
    }
    this.listVersion += 1
    this.version += 1
  }
  #loadIn(ms: number): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      void this.load()
    }, ms)
  }
  #cancel(): void {
    clearTimeout(this.#soon)
    this.#soon = undefined
  }
}

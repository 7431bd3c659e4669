import * as L from 'leaflet'
import type { Camera, CameraState } from '#contract/model.ts'
import { Clusters, worstOf, type Mark } from './clusters.ts'

type Palette = Record<CameraState | 'text' | 'surface' | 'accent', string>
const NAMES = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'text', 'surface', 'accent'] as const

/** Cameras on one canvas: colour and shape by state, clusters with their worst state. Draws once a frame at most. */
export class CameraLayer {
  readonly #map: L.Map
  readonly #canvas = document.createElement('canvas')
  readonly #clusters = new Clusters()
  readonly #onPick: (camera: Camera) => void
  #marks: Mark[] = []
  #frame = 0
  #selected: number | null = null

  constructor(map: L.Map, onPick: (camera: Camera) => void) {
    this.#map = map
    this.#onPick = onPick
    this.#canvas.className = 'leaflet-zoom-hide'
    this.#canvas.style.position = 'absolute'
    this.#canvas.style.pointerEvents = 'none'
    map.getPanes().markerPane.append(this.#canvas)
    map.on('moveend zoomend resize viewreset', this.#arrange, this)
    map.on('click', this.#click, this)
    this.#arrange()
  }

  show(cameras: readonly Camera[]): void {
    this.#clusters.load(cameras)
    this.#arrange()
  }
  select(id: number | null): void {
    this.#selected = id
    this.redraw()
  }
  /** States changed: the same marks in other colours. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }
  remove(): void {
    cancelAnimationFrame(this.#frame)
    this.#map.off('moveend zoomend resize viewreset', this.#arrange, this)
    this.#map.off('click', this.#click, this)
    this.#canvas.remove()
  }

  #arrange(): void {
    const bounds = this.#map.getBounds().pad(0.15)
    this.#marks = this.#clusters.within(
      [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      this.#map.getZoom(),
    )
    const size = this.#map.getSize()
    const ratio = devicePixelRatio
    L.DomUtil.setPosition(this.#canvas, this.#map.containerPointToLayerPoint([0, 0]))
    if (this.#canvas.width !== size.x * ratio || this.#canvas.height !== size.y * ratio) {
      this.#canvas.width = size.x * ratio
      this.#canvas.height = size.y * ratio
      this.#canvas.style.width = `${size.x}px`
      this.#canvas.style.height = `${size.y}px`
    }
    this.redraw()
  }

  #draw(): void {
    this.#frame = 0
    const context = this.#canvas.getContext('2d')
    if (context === null) return
    const style = getComputedStyle(document.documentElement)
    const palette = Object.fromEntries(
      NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
    ) as Palette
    const origin = L.DomUtil.getPosition(this.#canvas)
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    for (const mark of this.#marks) {
      const point = this.#map.latLngToLayerPoint([mark.lat, mark.lng]).subtract(origin)
      const state = worstOf(mark.cameras)
      if (mark.cameras.length > 1) drawCluster(context, point, mark.cameras, state, palette)
      else drawState(context, point, state, palette, 7)
      if (mark.cameras.some((camera) => camera.id === this.#selected)) {
        context.beginPath()
        context.arc(point.x, point.y, mark.cameras.length > 1 ? 22 : 14, 0, Math.PI * 2)
        context.lineWidth = 3
        context.strokeStyle = palette.accent
        context.stroke()
      }
    }
  }

  #click(event: L.LeafletMouseEvent): void {
    const point = event.layerPoint
    let best: Mark | undefined
    let nearest = 22
    for (const mark of this.#marks) {
      const distance = this.#map.latLngToLayerPoint([mark.lat, mark.lng]).distanceTo(point)
      if (distance < nearest) [best, nearest] = [mark, distance]
    }
    const only = best?.cameras[0]
    if (best === undefined || only === undefined) return
    if (best.cameras.length === 1) this.#onPick(only)
    else if (this.#map.getZoom() >= 17)
      this.#onPick(best.cameras.find((camera) => camera.status.state === worstOf(best.cameras)) ?? only)
    else this.#map.setView([best.lat, best.lng], Math.min(18, this.#map.getZoom() + 2))
  }
}

function drawState(
  context: CanvasRenderingContext2D,
  { x, y }: L.Point,
  state: CameraState,
  palette: Palette,
  size: number,
): void {
  context.beginPath()
  if (state === 'down') {
    context.moveTo(x, y - size * 1.25)
    context.lineTo(x + size * 1.2, y + size)
    context.lineTo(x - size * 1.2, y + size)
  } else if (state === 'degraded') {
    context.moveTo(x, y - size * 1.2)
    context.lineTo(x + size * 1.2, y)
    context.lineTo(x, y + size * 1.2)
    context.lineTo(x - size * 1.2, y)
  } else if (state === 'maintenance') context.rect(x - size, y - size, size * 2, size * 2)
  else context.arc(x, y, size, 0, Math.PI * 2)
  context.closePath()
  context.lineWidth = 2
  if (state === 'unknown') {
    context.fillStyle = palette.surface
    context.fill()
    context.setLineDash([3, 2])
    context.strokeStyle = palette.unknown
    context.stroke()
    context.setLineDash([])
    return
  }
  context.fillStyle = palette[state]
  context.fill()
  context.strokeStyle = palette.surface
  context.stroke()
}

/** A ring whose arc is the share in the worst state, with the count inside. */
function drawCluster(
  context: CanvasRenderingContext2D,
  point: L.Point,
  cameras: Camera[],
  worst: CameraState,
  palette: Palette,
): void {
  const radius = 13 + Math.min(7, Math.log2(cameras.length))
  const share = cameras.filter((camera) => camera.status.state === worst).length / cameras.length
  context.beginPath()
  context.arc(point.x, point.y, radius, 0, Math.PI * 2)
  context.fillStyle = palette.surface
  context.fill()
  context.lineWidth = 4
  context.strokeStyle = palette.up
  context.stroke()
  context.beginPath()
  context.arc(point.x, point.y, radius, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * share)
  context.strokeStyle = palette[worst]
  context.stroke()
  context.fillStyle = palette.text
  context.font = '600 13px "Inter Variable", sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(String(cameras.length), point.x, point.y + 0.5)
  if (worst !== 'up')
    drawState(context, new L.Point(point.x + radius * 0.75, point.y - radius * 0.75), worst, palette, 4.5)
}

import * as L from 'leaflet'
import type { Camera, ShownState } from '#contract/camera.ts'
import { Clusters, seen, type Mark, type Seen } from './clusters.ts'
import { Symbols } from './symbols.ts'

/** What is drawn beyond each edge, as a share of the map's size, so that a drag does not uncover bare ground. */
const MARGIN = 0.2
/** How far from a mark, px of a desk, a click still means it. */
const REACH = 22
const CLOSEST = 18

/** Cameras on one canvas: colour and shape by state, clusters with their worst state. Draws once a frame at most. */
export class CameraLayer {
  readonly #map: L.Map
  readonly #canvas = document.createElement('canvas')
  readonly #clusters: Clusters
  readonly #onPick: (camera: Camera) => void
  readonly #scale: number
  #symbols: Symbols
  #marks: Mark[] = []
  #states: ReadonlySet<ShownState> = new Set()
  #drawn: Seen[] = []
  #area = L.bounds([0, 0], [0, 0])
  #selected: number | null = null
  #frame = 0
  readonly #handlers: L.LeafletEventHandlerFnMap = {
    moveend: () => this.#arrange(),
    resize: () => this.#arrange(),
    move: () => this.#follow(),
    zoom: () => this.#rescale(),
    click: (event) => this.#click(event),
    mousemove: (event) => this.#point(event),
  }

  constructor(map: L.Map, onPick: (camera: Camera) => void, scale = 1) {
    this.#map = map
    this.#onPick = onPick
    this.#scale = scale
    this.#clusters = new Clusters(scale)
    this.#symbols = new Symbols(devicePixelRatio, scale)
    this.#canvas.className = 'leaflet-zoom-hide'
    this.#canvas.style.position = 'absolute'
    this.#canvas.style.pointerEvents = 'none'
    map.createPane('cameras').style.zIndex = '620'
    map.getPane('cameras')?.append(this.#canvas)
    map.on(this.#handlers)
    this.#arrange()
  }

  show(cameras: readonly Camera[]): void {
    this.#clusters.load(cameras)
    this.#arrange()
  }
  /** Shows these states only; none: all. */
  filter(states: ReadonlySet<ShownState>): void {
    this.#states = states
    this.redraw()
  }
  select(id: number | null): void {
    this.#selected = id
    this.redraw()
  }
  /** The theme changed. */
  recolor(): void {
    this.#symbols.close()
    this.#symbols = new Symbols(devicePixelRatio, this.#scale)
    this.redraw()
  }
  /** States changed: the same marks in other colours, drawn with the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }
  remove(): void {
    cancelAnimationFrame(this.#frame)
    this.#map.off(this.#handlers)
    this.#symbols.close()
    this.#canvas.remove()
  }

  /** A drag that leaves what was drawn takes the canvas along. */
  #follow(): void {
    const size = this.#map.getSize()
    const view = L.bounds(
      this.#map.containerPointToLayerPoint([0, 0]),
      this.#map.containerPointToLayerPoint(size),
    )
    if (!this.#area.contains(view)) this.#arrange()
  }

  /** While it flies, the map changes its scale with every frame: to draw with the next one would be late. */
  #rescale(): void {
    this.#arrange()
    cancelAnimationFrame(this.#frame)
    this.#draw()
  }

  #arrange(): void {
    const size = this.#map.getSize()
    const margin = size.multiplyBy(MARGIN).round()
    const [least, most] = [
      this.#map.containerPointToLayerPoint(margin.multiplyBy(-1)),
      this.#map.containerPointToLayerPoint(size.add(margin)),
    ]
    this.#area = L.bounds(least, most)
    const [southWest, northEast] = [
      this.#map.layerPointToLatLng([least.x, most.y]),
      this.#map.layerPointToLatLng([most.x, least.y]),
    ]
    this.#marks = this.#clusters.within(
      [southWest.lng, southWest.lat, northEast.lng, northEast.lat],
      this.#map.getZoom(),
    )
    this.redraw()
  }

  #draw(): void {
    this.#frame = 0
    const context = this.#canvas.getContext('2d')
    if (context === null) return
    const least = this.#area.getTopLeft()
    this.#place()
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    this.#drawn = []
    for (const mark of this.#marks) {
      const shown = seen(mark, this.#states)
      if (shown === null) continue
      this.#drawn.push(shown)
      const place = this.#map.latLngToLayerPoint([shown.lat, shown.lng]).subtract(least)
      this.#symbols.put(context, place, shown)
      if (this.#selected !== null && mark.cameras.some((camera) => camera.id === this.#selected))
        this.#symbols.choose(context, place, shown.count)
    }
  }

  #place(): void {
    const size = this.#area.getSize()
    L.DomUtil.setPosition(this.#canvas, this.#area.getTopLeft())
    const [width, height] = [Math.round(size.x * devicePixelRatio), Math.round(size.y * devicePixelRatio)]
    if (this.#canvas.width === width && this.#canvas.height === height) return
    this.#canvas.width = width
    this.#canvas.height = height
    this.#canvas.style.width = `${size.x}px`
    this.#canvas.style.height = `${size.y}px`
  }

  #at(point: L.Point): Seen | undefined {
    let best: Seen | undefined
    let nearest = REACH
    for (const one of this.#drawn) {
      const distance = this.#map.latLngToLayerPoint([one.lat, one.lng]).distanceTo(point)
      if (distance < nearest) [best, nearest] = [one, distance]
    }
    return best
  }

  #click(event: L.LeafletMouseEvent): void {
    const hit = this.#at(event.layerPoint)
    if (hit === undefined) return
    const zoom = this.#map.getZoom()
    if (hit.count === 1 || zoom >= CLOSEST - 1) this.#onPick(hit.camera)
    else this.#map.setView([hit.lat, hit.lng], Math.min(CLOSEST, zoom + 2))
  }

  /** A hand over what can be clicked, with the camera's name. */
  #point(event: L.LeafletMouseEvent): void {
    if (event.originalEvent.buttons !== 0) return
    const hit = this.#at(event.layerPoint)
    const container = this.#map.getContainer()
    container.style.cursor = hit === undefined ? '' : 'pointer'
    container.title = hit?.count === 1 ? hit.camera.name : ''
  }
}

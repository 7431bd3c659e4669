import * as L from 'leaflet'
import type { CityInfo } from '#contract/city.ts'
import type { Theme } from '../ui/theme.svelte.ts'
import { decodePath, type MapLayers } from './decode.ts'

const STREET_WIDTHS: Record<string, number> = { toll: 3, collector: 2.2, local: 1.4, other: 0.8 }

/** The city's own lines in the theme's colours: districts, rivers, streets, and the districts' names. */
export function drawCity(map: L.Map, { attribution, districts, rivers, streets }: MapLayers): L.Layer {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim()
  // Each zoom and drag draws all of it anew: one path a kind takes a fraction of one a street.
  const renderer = L.canvas({ padding: 0.2 })
  const still = { interactive: false, renderer }
  const areas = districts.map(({ rings }) => rings.map(decodePath))
  const lines = (paths: number[][], options: L.PolylineOptions) =>
    L.polyline(paths.map(decodePath), { ...still, ...options })
  return L.layerGroup([
    L.polygon(areas, {
      ...still,
      attribution,
      color: color('border'),
      weight: 1.5,
      fillColor: color('land'),
      fillOpacity: 1,
    }),
    lines(Object.values(rivers).flat(), { color: color('river'), weight: 2 }),
    ...Object.entries(streets).map(([kind, paths]) =>
      lines(paths, {
        color: color(kind === 'other' ? 'street' : 'street-main'),
        weight: STREET_WIDTHS[kind] ?? 0.8,
      }),
    ),
    ...districts.map(({ name }, index) =>
      L.marker(L.latLngBounds((areas[index] ?? []).flat()).getCenter(), {
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: 'district-name', html: nameOf(name) }),
      }),
    ),
  ]).addTo(map)
}

function nameOf(text: string): HTMLElement {
  const name = document.createElement('span')
  name.textContent = text
  return name
}

/** An operator's own tiles. What draws vector tiles is loaded only for them. */
export async function drawTiles(
  map: L.Map,
  { url, kind, maxZoom, attribution }: NonNullable<CityInfo['tiles']>,
  theme: Theme,
): Promise<L.Layer> {
  if (kind === 'raster')
    return L.tileLayer(url, { attribution, ...(maxZoom === null ? {} : { maxNativeZoom: maxZoom }) }).addTo(
      map,
    )
  const { leafletLayer } = await import('protomaps-leaflet')
  // It was written for a page whose Leaflet is a global.
  Object.assign(window, { L })
  const layer = leafletLayer({
    url,
    attribution,
    flavor: theme,
    lang: 'id',
    ...(maxZoom === null ? {} : { maxDataZoom: maxZoom }),
  }) as unknown as L.Layer
  return layer.addTo(map)
}

import type { Component } from 'svelte'

export interface Route {
  name: string
  params: Record<string, string>
  /** full pages have no frame around them */
  bare: boolean
  load(): Promise<{ default: Component }>
}
type Entry = [pattern: RegExp, name: string, bare: boolean, load: Route['load']]

const ENTRIES: Entry[] = [
  [/^\/$/, 'map', false, () => import('./map/MapPage.svelte')],
  [/^\/cameras\/(?<id>\d{1,10})$/, 'camera-page', false, () => import('./cameras/page/CameraPage.svelte')],
  [/^\/cameras\/mosaic$/, 'camera-mosaic', false, () => import('./cameras/video/MosaicPage.svelte')],
  [/^\/cameras\/timeline$/, 'camera-timeline', false, () => import('./cameras/timeline/TimelinePage.svelte')],
  [/^\/cameras\/topology$/, 'camera-topology', false, () => import('./cameras/topology/TopologyPage.svelte')],
  [/^\/cameras$/, 'cameras', false, () => import('./cameras/list/CamerasPage.svelte')],
  [/^\/cameras\/import$/, 'camera-import', false, () => import('./cameras/transfer/ImportPage.svelte')],
  [
    /^\/cameras\/maintenance$/,
    'camera-maintenance',
    false,
    () => import('./cameras/maintenance/MaintenancePage.svelte'),
  ],
  [/^\/cameras\/reports$/, 'camera-reports', false, () => import('./cameras/reports/ReportsPage.svelte')],
  [/^\/cameras\/settings$/, 'camera-settings', false, () => import('./cameras/settings/SettingsPage.svelte')],
  [/^\/prices\/index$/, 'price-index', false, () => import('./prices/basket/IndexPage.svelte')],
  [
    /^\/prices\/indicators$/,
    'price-indicators',
    false,
    () => import('./prices/overview/OverviewPage.svelte'),
  ],
  [/^\/prices\/ceilings$/, 'price-ceilings', false, () => import('./prices/ceilings/CeilingsPage.svelte')],
  [
    /^\/prices\/market\/(?<market>[\w-]+)$/,
    'price-market',
    false,
    () => import('./prices/market/MarketPage.svelte'),
  ],
  [/^\/prices\/settings$/, 'price-settings', false, () => import('./prices/settings/SettingsPage.svelte')],
  [/^\/prices\/sources$/, 'price-sources', false, () => import('./prices/sources/SourcesPage.svelte')],
  [/^\/prices\/locks$/, 'price-locks', false, () => import('./prices/locks/LocksPage.svelte')],
  [/^\/prices\/heat$/, 'price-heat', false, () => import('./prices/heat/HeatPage.svelte')],
  [/^\/prices\/bulletin$/, 'price-bulletin', true, () => import('./prices/bulletin/BulletinPage.svelte')],
  [/^\/prices\/import$/, 'price-import', false, () => import('./prices/import/ImportPage.svelte')],
  [/^\/prices\/verify$/, 'price-verify', false, () => import('./prices/verify/VerifyPage.svelte')],
  [/^\/prices\/coverage$/, 'price-coverage', false, () => import('./prices/coverage/CoveragePage.svelte')],
  [/^\/prices\/history$/, 'price-history', false, () => import('./prices/history/HistoryPage.svelte')],
  [/^\/prices\/quality$/, 'price-quality', false, () => import('./prices/quality/QualityPage.svelte')],
  [/^\/prices\/map$/, 'price-map', false, () => import('./prices/map/PriceMapPage.svelte')],
  [/^\/prices$/, 'prices', false, () => import('./prices/board/BoardPage.svelte')],
  [
    /^\/prices\/(?<commodity>[\w-]+)$/,
    'price-commodity',
    false,
    () => import('./prices/commodity/CommodityPage.svelte'),
  ],
  [/^\/survey$/, 'survey', false, () => import('./survey/SurveyPage.svelte')],
  [/^\/survey\/(?<market>[\w-]+)$/, 'survey-fill', true, () => import('./survey/FillPage.svelte')],
  [/^\/summary$/, 'summary', false, () => import('./summary/SummaryPage.svelte')],
  [/^\/feeds$/, 'feeds', false, () => import('./feeds/FeedsPage.svelte')],
  [/^\/public$/, 'public', true, () => import('./prices/public/PublicPage.svelte')],
  [/^\/tv$/, 'tv', true, () => import('./prices/public/TvPage.svelte')],
  [/^\/wall$/, 'wall', true, () => import('./wall/WallPage.svelte')],
  [/^\/admin$/, 'admin', false, () => import('./access/AdminPage.svelte')],
  [/^\/sign-in$/, 'sign-in', false, () => import('./access/SignInPage.svelte')],
  [/^\/setup\/(?<token>[\w-]+)$/, 'setup', false, () => import('./access/SetupPage.svelte')],
]

let address = $state(new URL(location.href))
addEventListener('popstate', () => (address = new URL(location.href)))
// A plain link within the page is followed without loading the page anew.
addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin)
    return
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    link.pathname.startsWith('/api/')
  )
    return
  event.preventDefault()
  history.pushState(null, '', link.href)
  address = new URL(location.href)
})

function match(path: string): Route | null {
  for (const [pattern, name, bare, load] of ENTRIES) {
    const found = pattern.exec(path)
    if (found !== null) return { name, bare, load, params: { ...found.groups } }
  }
  return null
}
const route = $derived(match(address.pathname))

export const router = {
  get route(): Route | null {
    return route
  },
  get path(): string {
    return address.pathname
  },
  /** the query as it stands in the address, with its question mark; '' without one */
  get search(): string {
    return address.search
  },
  get params(): Record<string, string> {
    return route?.params ?? {}
  },
  get query(): URLSearchParams {
    return address.searchParams
  },
}

export function go(
  path: string,
  options: { query?: Record<string, string | null>; replace?: boolean } = {},
): void {
  const next = new URL(path, location.origin)
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value === null || value === '') next.searchParams.delete(key)
    else next.searchParams.set(key, value)
  }
  history[options.replace === true ? 'replaceState' : 'pushState'](null, '', next)
  address = next
}
/** Changes parts of the query, so that what is shown can be linked to. */
export function setQuery(query: Record<string, string | null>): void {
  go(address.pathname + address.search, { query, replace: true })
}

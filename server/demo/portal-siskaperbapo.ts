import type { CityPack } from '../cities/index.ts'
import { addDays, isDay } from '../prices/index.ts'
import { momentOfDay, overDay, type DemoMoment } from './calendar.ts'
import type { PriceLevels } from './levels.ts'
import { quoteAt } from './prices.ts'

export interface PortalMarket {
  id: string
  code: string
  name: string
}
/** The portal's numbers do not begin at one. */
const FIRST_ID = 22

export const portalMarkets = (pack: CityPack): PortalMarket[] =>
  pack.markets
    .filter(({ level }) => level === 'market')
    .map(({ code, name }, index) => ({ id: String(FIRST_ID + index), code, name }))

export function marketsPayload(pack: CityPack, markets: readonly PortalMarket[]): object[] {
  const key = pack.city.portalCodes.siskaperbapo?.kabkota ?? pack.city.code
  return markets.map(({ id, name }) => ({
    psr_id: id,
    psr_nama: name,
    psr_kabkota: '35',
    psr_status: '1',
    kab_id: '35',
    kab_nama: pack.city.name,
    kab_keycode: key,
    kab_status: '1',
  }))
}

/** Groups as the portal shows them; a group of one stands for itself. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['BERAS', ['beras-premium', 'beras-medium']],
  ['Gula Kristal Putih', ['gula-kristal-putih']],
  ['MINYAK GORENG', ['minyakita', 'minyak-goreng-curah']],
  ['DAGING', ['daging-sapi-paha-belakang', 'daging-ayam-ras']],
  ['Telur Ayam Ras', ['telur-ayam-ras']],
  ['Garam Beryodium Halus', ['garam-halus']],
  ['Tepung Terigu', ['tepung-terigu']],
  ['Kacang Kedelai Impor', ['kacang-kedelai-impor']],
  ['CABE', ['cabai-merah-keriting', 'cabai-merah-besar', 'cabai-rawit-merah']],
  ['BAWANG', ['bawang-merah', 'bawang-putih']],
  ['IKAN SEGAR', ['ikan-bandeng', 'ikan-kembung', 'ikan-tongkol']],
]
export const TABLE_COMMODITIES: readonly string[] = GROUPS.flatMap(([, codes]) => codes)
const UNITS: Record<string, string> = { kg: 'kg', liter: 'lt' }

/** A day of a market as the portal's HTML table; an unknown market or a day to come has no prices. */
export function tableHtml(ask: {
  pack: CityPack
  seed: number
  levels: PriceLevels
  market: string | undefined
  day: string
  at: DemoMoment
}): string {
  const moment = isDay(ask.day) ? momentOfDay(ask.day, ask.at) : undefined
  const price = (code: string, when: DemoMoment | undefined) =>
    ask.market === undefined || when === undefined
      ? null
      : quoteAt(ask.seed, ask.levels, ask.market, code, when)
  const commodities = new Map(ask.pack.commodities.map((commodity) => [commodity.code, commodity]))
  const names = new Map(
    ask.pack.aliases
      .filter(({ feedKind }) => feedKind === 'siskaperbapo')
      .map(({ commodityCode, sourceName }) => [commodityCode, sourceName]),
  )
  const line = (code: string, number: string, dash: string) => {
    const yesterday = moment === undefined ? null : price(code, overDay(addDays(moment.day, -1)))
    const name = names.get(code) ?? commodities.get(code)?.nameId ?? code
    const unit = commodities.get(code)?.unit ?? 'kg'
    return row([number, `${dash}${name}`, UNITS[unit] ?? unit, ...priceCells(yesterday, price(code, moment))])
  }
  const rows = GROUPS.flatMap(([title, codes], index) => {
    const known = codes.filter((code) => commodities.has(code) && ask.levels.commodities.has(code))
    const number = String(index + 1)
    if (codes.length === 1) return known.map((code) => line(code, number, ''))
    return [row([number, title, '', '', '', '', '']), ...known.map((code) => line(code, '', '- '))]
  })
  return `<table class="table table-bordered">\n${HEAD}\n<tbody>\n${rows.join('\n')}\n</tbody></table>`
}

const HEAD = `<thead><tr>${[
  'NO',
  'NAMA BAHAN POKOK',
  'SATUAN',
  'HARGA KEMARIN',
  'HARGA SEKARANG',
  'PERUBAHAN Rp',
  'PERUBAHAN %',
]
  .map((title) => `<th>${title}</th>`)
  .join('')}</tr></thead>`

const row = (cells: string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`

/** Dots for thousands, a comma for percent, "-" for what is missing. */
function priceCells(yesterday: number | null, today: number | null): string[] {
  const rupiah = (price: number | null) => (price === null ? '-' : dotted(price))
  if (yesterday === null || today === null) return [rupiah(yesterday), rupiah(today), '-', '-']
  const percent = (((today - yesterday) / yesterday) * 100).toFixed(2).replace('.', ',')
  return [rupiah(yesterday), rupiah(today), dotted(today - yesterday), `${percent}%`]
}
const dotted = (price: number) => String(price).replace(/\B(?=(\d{3})+$)/g, '.')

/** What the other rooms use of the prices. */
export { addDays, dayOf, isDay } from './days.ts'
export { renewFigures, type Touched } from './figures.ts'
export { lockedMonths, monthOf } from './locked.ts'
export { ceilingOf, cityBetween, commodityOf, dayRange, latestCity } from './queries.ts'
export { priceRoutes } from './routes.ts'
export { storeQuotes, type QuoteOutcome, type QuoteRow, type StoredQuotes } from './store.ts'

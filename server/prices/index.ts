/** What the other rooms use of the prices. */
export { addDays, dayOf, isDay } from './days.ts'
export { renewFigures, type Touched } from './figures.ts'
export { lockedMonths, monthOf } from './locked.ts'
export { ceilingOf, commodityOf } from './naming.ts'
export { cityBetween, dayRange, latestCity } from './queries.ts'
export { priceChangeRoutes } from './change-routes.ts'
export { priceRoutes } from './routes.ts'
export { storeQuotes, type QuoteOutcome, type QuoteRow, type StoredQuotes } from './store.ts'

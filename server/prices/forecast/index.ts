/** The forecast of a city median: what the indicators' renewal and the pages need of it. */
export { NO_FORECAST, type ForecastFigures } from './forecast.ts'
export { renewForecast } from './renew.ts'
export { readForecast } from './store.ts'

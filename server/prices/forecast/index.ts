/** The forecast of a city median: what the store needs of it. */
export { originsBefore, reachOf, scoresAt, type Score } from './backtest.ts'
export { dailyOf } from './daily.ts'
export { forecastOf, NO_FORECAST, type ForecastFigures } from './forecast.ts'

/** What the rest of the product uses of the city's own surveys. */
export { ensureSurveyFeed, SURVEY_FEED } from './feed.ts'
export { publishDay } from './publish.ts'
export { surveyRoutes } from './routes.ts'
export { MOST_DAYS_BACK } from './place.ts'
export { readEntries, writeEntries, writeEvents, type NewEvent, type StoredEntry } from './store.ts'

/** What the rest of the product uses of the city's own surveys. */
export { ensureSurveyFeed, surveyFeed, SURVEY_FEED } from './feed.ts'
export { publishDay } from './publish.ts'
export { surveyRoutes } from './routes.ts'
export { MOST_DAYS_BACK } from './place.ts'
export { lockOrBegin, moveEntries, writeEntries } from './store.ts'
export { writeEvents, type NewEvent } from './trail.ts'

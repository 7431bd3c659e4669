/** What the other rooms use of the pull side. */
export { readFeedsFile } from './feeds-file.ts'
export {
  startPulls,
  type AnyFeed,
  type ConfiguredPull,
  type PartReading,
  type PullDeps,
  type Pulls,
} from './schedule.ts'

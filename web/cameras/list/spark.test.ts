import { expect, it } from 'vitest'
import { sparkPaths } from './spark.ts'

it('draws from zero up, breaks where a check failed and marks it', () => {
  expect(sparkPaths([10, null, 20], 24, 24)).toEqual({
    line: 'M2.0 12.0h.01M22.0 2.0h.01',
    failures: 'M12.0 24v-6',
  })
  expect(sparkPaths([10, 20], 24, 24).line).toBe('M2.0 12.0h.01L22.0 2.0h.01')
})
it('has nothing to draw of nothing', () => {
  expect(sparkPaths([], 24, 24)).toEqual({ line: '', failures: '' })
})

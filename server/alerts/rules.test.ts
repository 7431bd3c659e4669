import { expect, it } from 'vitest'
import type { Incident } from '#contract/outages.ts'
import { lostUplinks, openIncidents } from './rules.ts'

const incident = (more: Partial<Incident>): Incident => ({
  id: 1,
  kind: 'node',
  subject: 'sw-1',
  name: 'Switch Kayutangan',
  nodeId: 4,
  startedAt: '2026-06-01T00:00:00.000Z',
  endedAt: null,
  cameras: Array.from({ length: 39 }, (_, index) => index + 1),
  fault: 'timeout',
  takenBy: null,
  ...more,
})

it('raises one alert for a switch with 39 cameras behind it', () =>
  expect(openIncidents([incident({})])).toEqual([
    {
      rule: 'incident',
      subject: 'node sw-1',
      severity: 'critical',
      facts: { kind: 'node', name: 'Switch Kayutangan', cameras: 39 },
    },
  ]))
it('takes a likely common cause for a warning, and a node that took nothing with it for none', () =>
  expect(
    openIncidents([incident({ kind: 'site', subject: 'Alun-alun' }), incident({ cameras: [] })]).map(
      ({ severity, subject }) => [severity, subject],
    ),
  ).toEqual([['warning', 'site Alun-alun']]))
it('says once that a prober reaches nothing', () =>
  expect(lostUplinks(['cctv-1', 'cctv-1']).map(({ subject }) => subject)).toEqual(['cctv-1']))

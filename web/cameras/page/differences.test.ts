import { expect, it } from 'vitest'
import { differences } from './differences.ts'

it('names what changed, down into objects, and leaves out what did not', () =>
  expect(
    differences(
      { name: 'A', targets: { tcp: 'a:1', ping: 'a' }, layers: ['network'], group: 'x' },
      { name: 'B', targets: { tcp: 'a:2', ping: 'a' }, layers: ['network'], owner: 'Dishub' },
    ),
  ).toEqual([
    { key: 'name', before: 'A', after: 'B' },
    { key: 'targets.tcp', before: 'a:1', after: 'a:2' },
    { key: 'group', before: 'x', after: undefined },
    { key: 'owner', before: undefined, after: 'Dishub' },
  ]))

it('shows an object that came or went by its parts', () =>
  expect(differences({ settings: null }, { settings: { failures: 5 } })).toEqual([
    { key: 'settings.failures', before: undefined, after: 5 },
  ]))

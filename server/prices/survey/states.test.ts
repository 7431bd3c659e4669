import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Role } from '#contract/viewer.ts'
import type { EntryState, SurveyState } from '#contract/survey.ts'
import {
  ACTIONS,
  isSame,
  leastState,
  mayDo,
  nextState,
  READERS,
  refusalOf,
  type Action,
  type Decided,
} from './states.ts'

const STATES: SurveyState[] = ['none', 'draft', 'submitted', 'sent-back', 'verified', 'published']
const ALLOWED: [Action, SurveyState, EntryState][] = [
  ['enter', 'none', 'draft'],
  ['enter', 'draft', 'draft'],
  ['enter', 'submitted', 'draft'],
  ['enter', 'sent-back', 'draft'],
  ['submit', 'draft', 'submitted'],
  ['verify', 'submitted', 'verified'],
  ['send-back', 'submitted', 'sent-back'],
  ['send-back', 'verified', 'sent-back'],
  ['publish', 'verified', 'published'],
]

describe('states', () => {
  it.each(ACTIONS.flatMap((action) => STATES.map((state) => [action, state] as const)))(
    '%s from %s',
    (action, state) => {
      const [, , next = null] = ALLOWED.find(([does, from]) => does === action && from === state) ?? []
      expect(nextState(action, state)).toBe(next)
    },
  )

  it('whatever is done in whatever order: published comes of verified only, and is the end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ACTIONS), { maxLength: 40 }), (actions) => {
        let state: SurveyState = 'none'
        for (const action of actions) {
          const next = nextState(action, state)
          if (next === 'published') expect(state).toBe('verified')
          if (next === 'verified') expect(state).toBe('submitted')
          if (state === 'published') expect(next).toBeNull()
          state = next ?? state
        }
      }),
    )
  })

  it.each<[EntryState[], SurveyState]>([
    [[], 'none'],
    [['published', 'draft', 'verified'], 'draft'],
    [['draft', 'sent-back'], 'sent-back'],
    [['published', 'published'], 'published'],
  ])('of %j the least is %s', (states, least) => expect(leastState(states)).toBe(least))
})

describe('who', () => {
  const WHO: Record<Action, Role[]> = {
    enter: ['surveyor', 'market-officer', 'admin'],
    submit: ['surveyor', 'market-officer', 'admin'],
    verify: ['market-officer', 'admin'],
    'send-back': ['market-officer', 'admin'],
    publish: ['market-officer', 'admin'],
  }
  it.each(ACTIONS.flatMap((action) => READERS.map((role) => [action, role] as const)))(
    '%s by a %s',
    (action, role) => expect(mayDo(action, role)).toBe(WHO[action].includes(role)),
  )

  it('is told by the account, and by the name only where there is none', () => {
    expect(isSame({ id: 1, name: 'A' }, { accountId: 1, name: 'renamed' })).toBe(true)
    expect(isSame({ id: 1, name: 'A' }, { accountId: 2, name: 'A' })).toBe(false)
    expect(isSame({ id: null, name: 'A' }, { accountId: 2, name: 'A' })).toBe(true)
    expect(isSame({ id: null, name: 'A' }, { accountId: 2, name: 'B' })).toBe(false)
  })
})

describe('a decision', () => {
  const me = { accountId: 7, name: 'Rina' }
  const entry: Decided = {
    state: 'submitted',
    version: 3,
    hands: [{ id: 1, name: 'Siti' }],
    locked: false,
    wrong: false,
  }
  it.each<[string, Decided | undefined, number, string | null]>([
    ['what waits', entry, 3, null],
    ['nothing', undefined, 3, 'state'],
    ['another version', entry, 2, 'changed'],
    ['a draft', { ...entry, state: 'draft' }, 3, 'state'],
    ['what was verified meanwhile', { ...entry, state: 'verified' }, 3, 'state'],
    ['what they had a hand in', { ...entry, hands: [...entry.hands, { id: 7, name: 'R.' }] }, 3, 'own'],
    ['what somebody of their name entered', { ...entry, hands: [{ id: null, name: 'Rina' }] }, 3, 'own'],
    ['a closed month', { ...entry, locked: true }, 3, 'locked'],
    ['what was found wrong', { ...entry, wrong: true }, 3, 'wrong'],
  ])('on %s', (_name, given, seen, why) => expect(refusalOf('verify', given, seen, me)).toBe(why))

  it('may give back what is verified, of a closed month, found wrong, and their own', () => {
    const own = {
      ...entry,
      state: 'verified' as const,
      hands: [{ id: 7, name: 'Rina' }],
      locked: true,
      wrong: true,
    }
    expect(refusalOf('send-back', own, 3, me)).toBeNull()
    expect(refusalOf('send-back', { ...own, state: 'published' }, 3, me)).toBe('state')
  })
})

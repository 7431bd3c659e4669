import { expect, it } from 'vitest'
import { deviceName } from './send.ts'

it.each([
  [
    'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
    'Android Chrome/131',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'iPhone Version/17',
  ],
  ['', 'browser'],
])('%s is %s', (agent, name) => expect(deviceName(agent)).toBe(name))

import { Parser } from 'htmlparser2'
import type { Target } from '../targets.ts'
import { ProbeFault } from '../types.ts'
import { firstBytes, mustSucceed, type Web } from './http.ts'
import type { Limit } from './scope.ts'

const MOST_BYTES = 65_536
/** ONVIF Core Specification, 8.3.6 GetSystemDateAndTime: needs no sign-in (access class PRE_AUTH). */
const QUESTION =
  '<?xml version="1.0" encoding="utf-8"?>' +
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>' +
  '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>' +
  '</s:Body></s:Envelope>'

/**
 * Asks a device for its clock.
 * @param now ms since 1970
 * @returns how far the clock is off, s, or null where it tells no UTC; and how long the answer took, ms
 */
export async function askOnvif(
  web: Web,
  target: Target,
  limit: Limit,
  now: () => number,
): Promise<{ offSeconds: number | null; latencyMs: number }> {
  const answer = await web.ask(target, limit, {
    headers: {
      'content-type': 'application/soap+xml; charset=utf-8',
      'content-length': String(QUESTION.length),
    },
    body: QUESTION,
  })
  mustSucceed(answer)
  const text = (await firstBytes(answer.response, MOST_BYTES)).toString('utf8')
  const clock = readClock(text)
  if (clock === undefined) throw new ProbeFault('not-onvif')
  // Answered half a round trip ago, in whole seconds.
  const offMs = clock === null ? null : clock + 500 - (now() - answer.latencyMs / 2)
  return { offSeconds: offMs === null ? null : Math.round(offMs / 1_000), latencyMs: answer.latencyMs }
}

/** UTC of a GetSystemDateAndTimeResponse, ms since 1970; null where it gives none; undefined where it is no such answer. */
export function readClock(xml: string): number | null | undefined {
  const path: string[] = []
  const values = new Map<string, number>()
  let answered = false
  const parser = new Parser(
    {
      onopentag(name) {
        path.push(name.replace(/^.*:/, ''))
        answered ||= path.at(-1) === 'GetSystemDateAndTimeResponse'
      },
      ontext(text) {
        if (path.includes('UTCDateTime') && /^\s*\d{1,5}\s*$/.test(text))
          values.set(path.at(-1) ?? '', Number(text))
      },
      onclosetag() {
        path.pop()
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
  if (!answered) return undefined
  const [year, month, day, hour, minute, second] = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map(
    (name) => values.get(name) ?? NaN,
  ) as [number, number, number, number, number, number]
  const clock = Date.UTC(year, month - 1, day, hour, minute, second)
  return Number.isNaN(clock) ? null : clock
}

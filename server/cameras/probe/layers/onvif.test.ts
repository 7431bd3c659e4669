import { expect, it } from 'vitest'
import { readClock } from './onvif.ts'

const envelope = (body: string) =>
  `<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`
const time = (kind: string, hour: number) =>
  `<tt:${kind}><tt:Time><tt:Hour>${hour}</tt:Hour><tt:Minute>4</tt:Minute><tt:Second>5</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>11</tt:Month><tt:Day>7</tt:Day></tt:Date></tt:${kind}>`
const clock = (inner: string) =>
  envelope(
    `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>${inner}</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`,
  )

it.each([
  ['UTC', clock(time('UTCDateTime', 3)), Date.UTC(2026, 10, 7, 3, 4, 5)],
  [
    'UTC beside local time',
    clock(time('LocalDateTime', 10) + time('UTCDateTime', 3)),
    Date.UTC(2026, 10, 7, 3, 4, 5),
  ],
  ['local time only', clock(time('LocalDateTime', 10)), null],
  ['no time', clock(''), null],
  ['another answer', envelope('<tds:GetHostnameResponse/>'), undefined],
  ['a page', '<html><body>login</body></html>', undefined],
  ['nothing', '', undefined],
  ['a broken document', '<a><b', undefined],
])("a device's clock: %s", (_case, xml, expected) => {
  expect(readClock(xml)).toBe(expected)
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, testAccess, type TestAccess } from './testing/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const looked = (t: TestAccess, cookie: string | undefined) =>
  t.send('GET', '/api/looked', undefined, { cookie })

let t: TestAccess
let admin: string
beforeEach(async () => {
  t = await testAccess()
  admin = await t.setUp()
})
afterEach(() => t.close())

describe('sign-in', () => {
  it('opens a session that the page and the socket know alike', async () => {
    const answer = await t.signIn('RATNA', ADMIN.password)
    expect(answer).toMatchObject({
      status: 200,
      json: { viewer: { kind: 'account', name: 'Ratna', role: 'admin' } },
    })
    expect(answer.cookies[0]).toMatch(/^pantau_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const viewer = await t.access.viewerOfCookieHeader(`theme=dark; ${answer.cookie}`)
    expect(viewer).toMatchObject({
      kind: 'account',
      role: 'admin',
      key: expect.stringMatching(/^session:/) as string,
    })
    expect((await t.send('GET', '/api/session', undefined, { cookie: answer.cookie })).json).toEqual({
      viewer: { kind: 'account', name: 'Ratna', role: 'admin', accountId: expect.any(Number) as number },
      guestsMayLook: false,
    })
  })

  it('answers a wrong password and an unknown name alike, with comparable work', async () => {
    const timed = async (username: string, ip: string) => {
      const times: number[] = []
      let answer
      for (let i = 0; i < 5; i++) {
        const began = performance.now()
        answer = await t.signIn(username, 'not the password', ip)
        times.push(performance.now() - began)
      }
      return { answer, median: times.sort((a, b) => a - b)[2] ?? 0 }
    }
    const wrong = await timed('ratna', '10.0.1.1')
    const unknown = await timed('nobody', '10.0.1.2')
    const plain = ({ answer }: typeof wrong) => ({
      ...(answer?.json as object),
      requestId: '',
      status: answer?.status,
    })
    expect(plain(wrong)).toEqual(plain(unknown))
    expect(plain(wrong)).toMatchObject({ status: 401, error: 'not-signed-in' })
    expect(unknown.median / wrong.median).toBeGreaterThan(0.2)
    expect(unknown.median / wrong.median).toBeLessThan(5)
  })

  it('refuses after ten failures, the right password too, until the window has passed', async () => {
    for (let i = 0; i < 10; i++) expect((await t.signIn('ratna', 'not the password')).status).toBe(401)
    t.time.now += 5 * MINUTE
    const refused = await t.signIn('ratna', ADMIN.password)
    expect(refused).toMatchObject({ status: 429, json: { error: 'too-many', retryAfterSeconds: 600 } })
    expect(refused.headers['retry-after']).toBe('600')
    expect((await t.signIn('ratna', ADMIN.password, '10.9.9.9')).status).toBe(200)
    t.time.now += 10 * MINUTE + 1
    expect((await t.signIn('ratna', ADMIN.password)).status).toBe(200)
  })

  it('gives parallel guesses no more tries, and one address no endless list of names', async () => {
    const burst = await Promise.all(Array.from({ length: 14 }, () => t.signIn('ratna', 'not the password')))
    expect(burst.filter((answer) => answer.status === 429)).toHaveLength(4)
    const spray = await Promise.all(
      Array.from({ length: 25 }, (_, i) => t.signIn(`name${i}`, 'not the password')),
    )
    expect(spray.filter((answer) => answer.status === 429)).toHaveLength(5)
  })

  it('does not count what succeeded', async () => {
    for (let i = 0; i < 12; i++) expect((await t.signIn('ratna', ADMIN.password)).status).toBe(200)
  })

  it('refuses what is no sign-in', async () => {
    expect((await t.send('POST', '/api/session', { username: 'ratna' })).status).toBe(400)
    expect((await t.signIn('ratna', 'x'.repeat(257))).status).toBe(400)
    expect((await t.signIn('rat\u0000na', 'not the password')).status).toBe(400)
    expect((await t.signIn(['ratna'] as unknown as string, 'not the password')).status).toBe(400)
  })

  it('ends the session that the browser had', async () => {
    const again = await t.send(
      'POST',
      '/api/session',
      { username: 'ratna', password: ADMIN.password },
      { cookie: admin },
    )
    expect((await looked(t, admin)).status).toBe(401)
    expect((await looked(t, again.cookie)).status).toBe(200)
    expect(t.ended).toHaveLength(1)
  })
})

describe('a session', () => {
  it('ends after twelve hours without a request, and its sockets are told', async () => {
    t.time.now += 11 * HOUR
    expect((await looked(t, admin)).status).toBe(200)
    t.time.now += 11 * HOUR
    expect((await looked(t, admin)).status).toBe(200)
    const viewer = await t.access.viewerOfCookieHeader(admin)
    t.time.now += 12 * HOUR
    expect((await looked(t, admin)).status).toBe(401)
    await t.access.endExpiredSessions()
    expect(t.ended).toEqual([viewer?.key])
    expect((await t.pool.query('SELECT FROM session')).rowCount).toBe(0)
  })

  it('ends after seven days however busy', async () => {
    for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
      t.time.now += 10 * HOUR
      expect((await looked(t, admin)).status).toBe(200)
    }
    t.time.now += 10 * HOUR
    expect((await looked(t, admin)).status).toBe(401)
  })

  it('is written to at most once a minute', async () => {
    const seen = async () => (await t.pool.query('SELECT last_seen_at FROM session')).rows
    const first = await seen()
    t.time.now += 50_000
    await looked(t, admin)
    expect(await seen()).toEqual(first)
    t.time.now += 15_000
    await looked(t, admin)
    expect(await seen()).not.toEqual(first)
  })

  it('ends at once at sign-out, for the socket too', async () => {
    const viewer = await t.access.viewerOfCookieHeader(admin)
    const answer = await t.send('DELETE', '/api/session', undefined, { cookie: admin })
    expect(answer.status).toBe(204)
    expect(answer.cookies).toEqual([
      expect.stringContaining('Max-Age=0'),
      expect.stringContaining('Max-Age=0'),
    ])
    expect((await looked(t, admin)).status).toBe(401)
    expect(await t.access.viewerOfCookieHeader(admin)).toBeNull()
    expect(t.ended).toEqual([viewer?.key])
  })

  it('is kept as a hash only', async () => {
    const token = admin.split('=')[1] as string
    const rows = (await t.pool.query<{ hash: Buffer }>('SELECT hash FROM session')).rows
    expect(rows).toHaveLength(1)
    expect(rows[0]?.hash.toString('base64url')).not.toBe(token)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, ORIGIN, testAccess, type TestAccess } from './testing/index.ts'

let t: TestAccess
let admin: string
beforeAll(async () => {
  t = await testAccess()
  admin = await t.setUp()
})
afterAll(() => t.close())

describe('the guard', () => {
  it('asks for a viewer on every API route that says nothing, and for none on a page', async () => {
    expect(await t.send('GET', '/api/looked')).toMatchObject({
      status: 401,
      json: { error: 'not-signed-in' },
    })
    expect((await t.send('GET', '/api/looked', undefined, { cookie: admin })).status).toBe(200)
    expect((await t.send('GET', '/page')).status).toBe(200)
    expect((await t.send('GET', '/api/none')).status).toBe(404)
  })

  it('lets in the roles that a route names and no other', async () => {
    const cookieOf = async (role: string) => {
      const account = { username: `the-${role}`, name: role, role, password: 'a long enough secret' }
      expect((await t.send('POST', '/api/accounts', account, { cookie: admin })).status).toBe(201)
      return (await t.signIn(account.username, account.password)).cookie
    }
    for (const [role, status] of [
      ['viewer', 403],
      ['market-officer', 403],
      ['leader', 403],
      ['operator', 200],
    ] as const)
      expect((await t.send('POST', '/api/operated', {}, { cookie: await cookieOf(role) })).status, role).toBe(
        status,
      )
    expect((await t.send('POST', '/api/operated', {})).status).toBe(401)
    const operator = (await t.signIn('the-operator', 'a long enough secret')).cookie
    for (const url of ['/api/accounts', '/api/devices', '/api/feeds/x/keys'])
      expect((await t.send('GET', url, undefined, { cookie: operator })).status, url).toBe(403)
  })

  it('takes a display for no account: it looks, and reads nothing that asks for a role', async () => {
    const { token } = await t.access.devices.create('Wall', { accountId: null, actor: 'test' })
    const { cookie } = await t.send('POST', '/api/devices/enter', { token })
    const looked = await t.send('GET', '/api/looked', undefined, { cookie })
    expect(looked).toMatchObject({ status: 200, json: { kind: 'device', role: 'viewer' } })
    expect(looked.headers['cache-control']).toBe('no-store')
    expect((await t.send('GET', '/api/reported', undefined, { cookie })).status).toBe(403)
  })

  it.each([
    ['its own page', { origin: ORIGIN }, 200],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another port of the same name', { origin: `${ORIGIN}:8081` }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['no origin, same site by the browser', { 'sec-fetch-site': 'same-origin' }, 200],
    ['no origin, another site by the browser', { 'sec-fetch-site': 'cross-site' }, 403],
    ['nothing said', {}, 403],
  ])('takes a change from %s: %o -> %i', async (_name, headers, status) => {
    expect((await t.send('POST', '/api/operated', {}, { cookie: admin, headers })).status).toBe(status)
  })

  it('asks no origin of a source that pushes, but does of a sign-in', async () => {
    expect((await t.send('POST', '/api/ingest/pushed', {}, { headers: {} })).status).toBe(200)
    const sent = { username: ADMIN.username, password: ADMIN.password }
    expect(
      (await t.send('POST', '/api/session', sent, { headers: { origin: 'https://evil.example' } })).status,
    ).toBe(403)
  })
})

describe('a city that lets guests look', () => {
  let open: TestAccess
  beforeAll(async () => {
    open = await testAccess({ guestsMayLook: true, publicUrl: 'https://pantau.example' })
  })
  afterAll(() => open.close())

  it('shows them what anyone may see and nothing that asks for a role', async () => {
    expect(await open.send('GET', '/api/looked')).toMatchObject({
      status: 200,
      json: { kind: 'guest', role: 'viewer' },
    })
    expect((await open.send('POST', '/api/operated', {})).status).toBe(401)
    expect((await open.access.viewerOfCookieHeader(undefined))?.key).toBe('guest')
    expect((await open.send('GET', '/api/session')).json).toMatchObject({
      guestsMayLook: true,
      viewer: { kind: 'guest' },
    })
  })

  it('binds its cookies to the host over https, and knows its public address', async () => {
    const cookie = await open.setUp()
    expect(cookie).toMatch(/^__Host-pantau_session=/)
    const answer = await open.signIn(ADMIN.username, ADMIN.password)
    expect(answer.cookies[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    const headers = { origin: 'https://pantau.example' }
    expect((await open.send('POST', '/api/operated', {}, { cookie: answer.cookie, headers })).status).toBe(
      200,
    )
    // A proxy may pass on whatever Host it was told: with a public address only that one counts.
    expect(
      (await open.send('POST', '/api/operated', {}, { cookie: answer.cookie, headers: { origin: ORIGIN } }))
        .status,
    ).toBe(403)
    const plain = answer.cookie?.replace('__Host-', '')
    expect((await open.access.viewerOfCookieHeader(plain))?.kind).toBe('guest')
  })
})

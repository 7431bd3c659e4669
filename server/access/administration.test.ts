import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, testAccess, type TestAccess } from './testing/index.ts'

let t: TestAccess
beforeEach(async () => {
  t = await testAccess()
})
afterEach(() => t.close())

const second = { username: 'budi', name: 'Budi', password: 'another long secret' }

describe('set-up', () => {
  const tokenOf = (path: string | null) => path?.slice('/setup/'.length)

  it('makes the first administrator once', async () => {
    const token = tokenOf(await t.access.ensureSetup())
    const answers = await Promise.all([
      t.send('POST', '/api/setup', { token, ...ADMIN }),
      t.send('POST', '/api/setup', { token, ...second }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403])
    expect((await t.send('POST', '/api/setup', { token, ...second })).status).toBe(403)
    expect(await t.access.ensureSetup()).toBeNull()
    expect((await t.pool.query(`SELECT FROM account WHERE role = 'admin'`)).rowCount).toBe(1)
  })

  it('takes the newest link only, and that for a day', async () => {
    const old = tokenOf(await t.access.ensureSetup())
    const token = tokenOf(await t.access.ensureSetup())
    expect((await t.send('POST', '/api/setup', { token: old, ...ADMIN })).status).toBe(403)
    t.time.now += 24 * 3_600_000
    expect((await t.send('POST', '/api/setup', { token, ...ADMIN })).status).toBe(403)
  })

  it.each(['short', 'x'.repeat(257), 'PasswordPassword', 'aaaaaaaaaaaaaaa', 'pemkotmalang01'])(
    'refuses the password %s and keeps the link',
    async (password) => {
      const token = tokenOf(await t.access.ensureSetup())
      const sent = { token, username: 'pemkotmalang01', name: 'Ratna', password }
      expect((await t.send('POST', '/api/setup', sent)).status).toBe(400)
      expect((await t.send('POST', '/api/setup', { ...sent, password: ADMIN.password })).status).toBe(200)
    },
  )
})

describe('accounts', () => {
  const make = async (cookie: string, role: string) => {
    const answer = await t.send('POST', '/api/accounts', { ...second, role }, { cookie })
    expect(answer.status).toBe(201)
    return (answer.json as { id: number }).id
  }

  it('never loses the last administrator', async () => {
    const cookie = await t.setUp()
    const listed = (await t.send('GET', '/api/accounts', undefined, { cookie })).json as {
      accounts: { id: number }[]
    }
    const own = listed.accounts[0]?.id
    for (const change of [{ role: 'viewer' }, { disabled: true }])
      expect((await t.send('PATCH', `/api/accounts/${own}`, change, { cookie })).status).toBe(409)
    const other = await make(cookie, 'admin')
    const both = await Promise.all(
      [own, other].map((id) =>
        t.access.accounts.change(id as number, { role: 'viewer' }, 'test').then(
          () => id,
          () => null,
        ),
      ),
    )
    expect(both.filter((id) => id !== null)).toHaveLength(1)
  })

  it('ends the sessions of an account that changes, and keeps a disabled one out', async () => {
    const cookie = await t.setUp()
    const id = await make(cookie, 'operator')
    const look = (of: string | undefined) => t.send('GET', '/api/looked', undefined, { cookie: of })
    const theirs = (await t.signIn('budi', second.password)).cookie
    expect((await look(theirs)).status).toBe(200)
    expect((await t.send('PATCH', `/api/accounts/${id}`, { disabled: true }, { cookie })).status).toBe(204)
    expect((await look(theirs)).status).toBe(401)
    expect(t.ended).toHaveLength(1)
    expect((await t.signIn('budi', second.password)).status).toBe(401)
    const password = 'a newer long secret'
    await t.send('PATCH', `/api/accounts/${id}`, { disabled: false, password }, { cookie })
    expect((await t.signIn('budi', second.password)).status).toBe(401)
    expect((await t.signIn('budi', password)).status).toBe(200)
  })

  it('refuses a taken name, an empty change and an unknown account', async () => {
    const cookie = await t.setUp()
    const taken = { ...second, username: 'RATNA', role: 'viewer' }
    expect((await t.send('POST', '/api/accounts', taken, { cookie })).status).toBe(409)
    expect((await t.send('PATCH', '/api/accounts/1', {}, { cookie })).status).toBe(400)
    expect((await t.send('PATCH', '/api/accounts/999', { disabled: true }, { cookie })).status).toBe(404)
    expect((await t.send('PATCH', '/api/accounts/x', { disabled: true }, { cookie })).status).toBe(400)
  })
})

describe('a device', () => {
  it('looks by its link for years, until it is revoked', async () => {
    const cookie = await t.setUp()
    const made = (await t.send('POST', '/api/devices', { name: 'Wall 1' }, { cookie })).json as {
      id: number
      url: string
    }
    const token = made.url.replace('/wall#device=', '')
    const entered = await t.send('POST', '/api/devices/enter', { token })
    expect(entered.json).toEqual({
      viewer: { kind: 'device', name: 'Wall 1', role: 'viewer', accountId: null },
    })
    expect(entered.cookies[0]).toContain('Max-Age=315360000')
    t.time.now += 3 * 365 * 86_400_000
    const looks = () => t.send('GET', '/api/session', undefined, { cookie: entered.cookie })
    const later = await looks()
    expect(later.json).toMatchObject({ viewer: { kind: 'device', name: 'Wall 1' } })
    expect(later.cookie).toBe(entered.cookie)

    const admin = (await t.signIn(ADMIN.username, ADMIN.password)).cookie
    const listed = (await t.send('GET', '/api/devices', undefined, { cookie: admin })).json
    expect(listed).toMatchObject({
      devices: [{ id: made.id, lastSeenAt: new Date(t.time.now).toISOString(), revokedAt: null }],
    })
    expect(JSON.stringify(listed)).not.toContain(token)
    expect((await t.send('DELETE', `/api/devices/${made.id}`, undefined, { cookie: admin })).status).toBe(204)
    expect((await looks()).json).toMatchObject({ viewer: null })
    expect(t.ended).toEqual([`device:${made.id}`])
    expect((await t.send('POST', '/api/devices/enter', { token })).status).toBe(403)
    expect((await t.send('DELETE', `/api/devices/${made.id}`, undefined, { cookie: admin })).status).toBe(404)
  })

  it('cannot be found by guessing', async () => {
    const guess = () => t.send('POST', '/api/devices/enter', { token: 'A'.repeat(43) })
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(403)
    const refused = await guess()
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('900')
  })
})

describe('a feed key', () => {
  const feeds = `INSERT INTO feed (id, domain, mode, kind, title) VALUES
    ('cctv', 'cameras', 'push', 'push', 'CCTV'), ('market', 'prices', 'push', 'push', 'Market'),
    ('portal', 'cameras', 'pull', 'malang', 'Portal')`

  it('opens its own feed until it is revoked, and is shown once', async () => {
    const cookie = await t.setUp()
    await t.pool.query(feeds)
    const answer = await t.send('POST', '/api/feeds/cctv/keys', { name: 'NOC' }, { cookie })
    const { id, key } = answer.json as { id: number; key: string }
    expect(key).toMatch(/^pk_[\w-]{43}$/)
    expect(await t.access.feedOfKey(`Bearer ${key}`)).toEqual({ feedId: 'cctv', keyId: id })
    const listed = (await t.send('GET', '/api/feeds/cctv/keys', undefined, { cookie })).json
    expect(listed).toMatchObject({ keys: [{ id, name: 'NOC', hint: key.slice(-4), revokedAt: null }] })
    expect(JSON.stringify(listed)).not.toContain(key)

    expect((await t.send('DELETE', `/api/feeds/market/keys/${id}`, undefined, { cookie })).status).toBe(404)
    expect(await t.access.feedOfKey(`Bearer ${key}`)).not.toBeNull()
    expect((await t.send('DELETE', `/api/feeds/cctv/keys/${id}`, undefined, { cookie })).status).toBe(204)
    expect(await t.access.feedOfKey(`Bearer ${key}`)).toBeNull()
  })

  it('is for feeds that are pushed', async () => {
    const cookie = await t.setUp()
    await t.pool.query(feeds)
    expect((await t.send('POST', '/api/feeds/portal/keys', { name: 'NOC' }, { cookie })).status).toBe(409)
    expect((await t.send('POST', '/api/feeds/none/keys', { name: 'NOC' }, { cookie })).status).toBe(404)
    expect((await t.send('GET', '/api/feeds/none/keys', undefined, { cookie })).status).toBe(404)
    expect((await t.send('POST', '/api/feeds/cctv/keys', { name: ' ' }, { cookie })).status).toBe(400)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer pk_short',
    `Basic pk_${'A'.repeat(43)}`,
    `Bearer pk_${'A'.repeat(43)}`,
  ])('is not %s', async (header) => expect(await t.access.feedOfKey(header)).toBeNull())
})

describe('the audit', () => {
  it('tells who did what and holds no secret', async () => {
    const path = await t.access.ensureSetup()
    const setupToken = path?.slice('/setup/'.length) as string
    const cookie = (await t.send('POST', '/api/setup', { token: setupToken, ...ADMIN })).cookie as string
    await t.pool.query(
      `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('cctv', 'cameras', 'push', 'push', 'CCTV')`,
    )
    const wrong = 'a password typed as a name'
    await t.signIn(wrong, 'whatever it was')
    await t.signIn('ratna', 'nearly right secret')
    const account = (await t.send('POST', '/api/accounts', { ...second, role: 'leader' }, { cookie }))
      .json as { id: number }
    await t.send('PATCH', `/api/accounts/${account.id}`, { password: 'the third long secret' }, { cookie })
    const device = (await t.send('POST', '/api/devices', { name: 'Wall' }, { cookie })).json as {
      id: number
      url: string
    }
    const deviceToken = device.url.split('=')[1] as string
    await t.send('POST', '/api/devices/enter', { token: deviceToken })
    await t.send('DELETE', `/api/devices/${device.id}`, undefined, { cookie })
    const made = (await t.send('POST', '/api/feeds/cctv/keys', { name: 'NOC' }, { cookie })).json as {
      id: number
      key: string
    }
    await t.send('DELETE', `/api/feeds/cctv/keys/${made.id}`, undefined, { cookie })
    await t.send('DELETE', '/api/session', undefined, { cookie })

    const rows = (
      await t.pool.query<{ actor: string; action: string; subject: string }>(
        'SELECT * FROM audit ORDER BY id',
      )
    ).rows
    expect(rows.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      ['ratna', 'set-up', 'ratna'],
      ['ratna', 'sign-in', 'ratna'],
      ['guest', 'sign-in-failed', 'an unknown username'],
      ['guest', 'sign-in-failed', 'ratna'],
      ['ratna', 'account-created', 'budi'],
      ['ratna', 'account-changed', 'budi'],
      ['ratna', 'device-created', 'Wall'],
      [`device ${device.id}`, 'device-entered', 'Wall'],
      ['ratna', 'device-revoked', 'Wall'],
      ['ratna', 'feed-key-created', 'cctv'],
      ['ratna', 'feed-key-revoked', 'cctv'],
      ['ratna', 'sign-out', 'ratna'],
    ])
    const text = JSON.stringify(rows)
    const secrets = [
      setupToken,
      cookie.split('=')[1],
      deviceToken,
      made.key,
      ADMIN.password,
      second.password,
      wrong,
    ]
    for (const secret of [...secrets, 'nearly right secret', 'the third long secret', 'argon2'])
      expect(text).not.toContain(secret)
  })
})

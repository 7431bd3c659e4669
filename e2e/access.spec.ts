import type { Request } from '@playwright/test'
import pg from 'pg'
import { ADMIN, expect, test } from './fixture.ts'
import { Officer } from './officers.ts'

test('sign-in: a wrong password is refused, the right one opens, an expired session asks again', async ({
  page,
  product,
}) => {
  await page.goto('/sign-in?next=/?state=down')
  const fill = async (password: string) => {
    await page.locator('input[autocomplete="username"]').fill(ADMIN.username)
    await page.locator('input[autocomplete="current-password"]').fill(password)
    await page.locator('button[type="submit"]').click()
  }
  await fill('bukan kata sandinya')
  await expect(page.getByTestId('sign-in-error')).toBeVisible()
  await fill(ADMIN.password)
  await expect(page).toHaveURL((url) => url.pathname === '/' && url.searchParams.get('state') === 'down')
  await expect(page.getByText(ADMIN.name)).toBeVisible()
  const database = new pg.Client(product.databaseUrl)
  await database.connect()
  await database.query(
    `UPDATE session SET expires_at = now() - interval '1 second' WHERE created_at = (SELECT max(created_at) FROM session)`,
  )
  await database.end()
  // The server may remember a session for a few seconds; then it is over everywhere.
  await expect
    .poll(
      async () =>
        ((await (await page.request.get('/api/session')).json()) as { viewer: { kind: string } | null })
          .viewer?.kind ?? 'guest',
      {
        timeout: 20_000,
      },
    )
    .toBe('guest')
  await page.goto('/')
  await expect(page.getByText(ADMIN.name)).toHaveCount(0)
})

test('who signs in over another stays signed in, though the page still hears that the other is gone', async ({
  page,
  product,
}) => {
  const another = await Officer.create(product, 'sebelumnya')
  await another.enter(page.context())
  await page.goto('/sign-in?next=/feeds')
  await expect(page.getByRole('status', { name: 'Terhubung' })).toBeVisible()
  const [asked, answered] = [signal(), signal()]
  let early: Request | undefined
  await page.route('**/api/session', async (route) => {
    if (route.request().method() === 'POST') {
      const response = await route.fetch()
      // Meanwhile the page is told that a session ended, and asks who looks.
      await asked.given
      return route.fulfill({ response })
    }
    if (early === undefined) {
      early = route.request()
      asked.give()
      await answered.given
      return route.fulfill({ json: { viewer: null, guestsMayLook: true } })
    }
    await route.fulfill({ response: await route.fetch() })
    answered.give()
  })
  await page.locator('input[autocomplete="username"]').fill(ADMIN.username)
  await page.locator('input[autocomplete="current-password"]').fill(ADMIN.password)
  await page.locator('button[type="submit"]').click()
  await expect(page).toHaveURL(`${product.url}/feeds`)
  await (await early?.response())?.finished()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  await expect(page.getByText(ADMIN.name)).toBeVisible()
})

/** Something that one waits for and another gives. */
function signal() {
  let give = () => {}
  const given = new Promise<void>((resolve) => (give = resolve))
  return { given, give }
}

test('a wall display: its link is made, opens without signing in, and is revoked', async ({
  page,
  product,
  browser,
}) => {
  const [name = '', value = ''] = product.cookie.split('=')
  await page.context().addCookies([{ name, value, url: product.url }])
  await page.goto('/admin')
  await page.getByLabel('Nama layar').fill('Dinding uji')
  await page.getByRole('button', { name: 'Buat tautan' }).click()
  const link = (await page.getByTestId('device-link').textContent()) ?? ''
  const wall = await browser.newContext({ baseURL: product.url })
  const screen = await wall.newPage()
  await screen.goto(link)
  await expect(screen.getByTestId('wall-scene')).toBeVisible()
  expect(screen.url()).not.toContain('device=')
  const viewer = async () =>
    ((await (await screen.request.get('/api/session')).json()) as { viewer: { kind: string } | null }).viewer
      ?.kind
  await expect.poll(viewer).toBe('device')
  page.on('dialog', (dialog) => void dialog.accept())
  await page.getByRole('button', { name: 'Cabut' }).click()
  await expect.poll(viewer).not.toBe('device')
  await wall.close()
})

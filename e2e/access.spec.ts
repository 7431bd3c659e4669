import pg from 'pg'
import { ADMIN, expect, test } from './fixture.ts'

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

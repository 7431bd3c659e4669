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
  await expect(page).toHaveURL(/state=down/)
  const database = new pg.Client(product.databaseUrl)
  await database.connect()
  await database.query(`UPDATE session SET expires_at = now() - interval '1 second'`)
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

import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixture.ts'

const PAGES = [
  '/',
  '/prices',
  '/prices/bawang-merah?range=all',
  '/summary',
  '/feeds?feed=uji-kamera',
  '/wall?scene=map',
  '/wall?scene=prices',
  '/wall?scene=numbers',
  '/admin',
  '/sign-in',
]

for (const path of PAGES)
  test(`${path} is accessible, without errors, in both languages, light and dark`, async ({
    page,
    product,
  }) => {
    const [name = '', value = ''] = product.cookie.split('=')
    if (path === '/admin') await page.context().addCookies([{ name, value, url: product.url }])
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    for (const [language, theme] of [
      ['id', 'light'],
      ['en', 'dark'],
    ] as const) {
      await page.addInitScript(
        (chosen) => {
          localStorage.setItem('locale', chosen.language)
          localStorage.setItem('theme', chosen.theme)
        },
        { language, theme },
      )
      await page.goto(path)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.locator('main')).toBeVisible()
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      ).toEqual([])
    }
    expect(errors).toEqual([])
  })

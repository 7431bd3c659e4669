import AxeBuilder from '@axe-core/playwright'
import { expect, type BrowserContext, type Page } from '@playwright/test'

/** Expects that axe finds nothing serious on the page, and says where it does. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // What is right is not told node by node: of a table of thousands that takes longer than to check it.
    .options({ resultTypes: ['violations'] })
    // There are no frames of other origins, for which each check would open another page.
    .setLegacyMode()
    // Rows are alike.
    .exclude('tbody > tr:nth-child(n + 21)')
    .analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
  ).toEqual([])
}

/** A page as it is read in a language and a theme, from its next opening on. */
export async function readIn(
  page: Page | BrowserContext,
  language: 'id' | 'en',
  theme: 'light' | 'dark',
): Promise<void> {
  await page.addInitScript(
    (chosen) => {
      localStorage.setItem('locale', chosen.language)
      localStorage.setItem('theme', chosen.theme)
    },
    { language, theme },
  )
}

/** How wide the page is, what stands beyond its right edge included, px. */
export const widthOf = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(
      ...[document.documentElement, document.querySelector('main')].map((one) => one?.scrollWidth ?? 0),
    ),
  )

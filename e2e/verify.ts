/** All that CI checks, in one command; ends with the line `N passed, N failed` of the tests that really ran. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages } from './debian.ts'
import { missingParts } from './parts/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'pantau-verify-'))
const unitReport = join(folder, 'unit.json')
const e2eReport = join(folder, 'e2e.json')

const steps: [name: string, args: string[]][] = [
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['lint', ['eslint', '.']],
  ['types', ['tsc', '-p', '.']],
  [
    'types of components',
    ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'machine'],
  ],
  ['page', ['tsx', 'server/build.ts']],
  ['size of the page', ['tsx', 'e2e/page-size.ts']],
  [
    'unit and database tests',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
  ],
  ['tests in the browser', ['playwright', 'test', '-c', 'e2e/playwright.config.ts']],
]

const missing = missingParts()
if (missing.length > 0 && !installPackages(missing))
  console.log(`Tests against real parts will fail: apt-get install ${missing.join(' ')}`)

const failed: string[] = []
for (const [name, [program, ...args]] of steps) {
  console.log(`\n== ${name}`)
  const result = spawnSync(process.execPath, [bin(program as string), ...args], {
    stdio: 'inherit',
    env: { ...process.env, E2E_REPORT: e2eReport },
  })
  if (result.status !== 0) failed.push(name)
}

const count = { passed: 0, failed: 0, skipped: 0 }
const unit = read(unitReport) as {
  numPassedTests?: number
  numFailedTests?: number
  numPendingTests?: number
}
count.passed += unit.numPassedTests ?? 0
count.failed += unit.numFailedTests ?? 0
count.skipped += unit.numPendingTests ?? 0
const e2e = read(e2eReport) as {
  stats?: { expected: number; unexpected: number; flaky: number; skipped: number }
}
count.passed += (e2e.stats?.expected ?? 0) + (e2e.stats?.flaky ?? 0)
count.failed += e2e.stats?.unexpected ?? 0
count.skipped += e2e.stats?.skipped ?? 0
rmSync(folder, { recursive: true, force: true })

console.log(failed.length === 0 ? '\nEverything fits.' : `\nDoes not fit: ${failed.join(', ')}`)
console.log(
  `${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`,
)
process.exitCode = failed.length === 0 && count.failed === 0 && count.passed > 0 ? 0 : 1

function read(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The script behind a package's command, so that no shell stands between. */
function bin(program: string): string {
  const home = { playwright: '@playwright/test', tsc: 'typescript' }[program] ?? program
  const manifest = JSON.parse(readFileSync(join('node_modules', home, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[program]
  if (entry === undefined) throw new Error(`${home} has no command ${program}`)
  return join('node_modules', home, entry)
}

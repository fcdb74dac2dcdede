import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ensureBuilt } from './setup/build.ts'
import { proveServerBuildHasNoDemo } from './setup/server-build.ts'

/**
 * Everything, in the order in which a fault is cheapest to see; stops at the first step that
 * fails. The last line of standard output is `N passed, N failed`.
 */
const reports = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
const unitReport = join(reports, 'unit.json')
const browserReport = join(reports, 'browser.json')

// What Node compiled is compiled once, though many tests start a server of their own.
const COMPILED = resolve('node_modules/.cache/compiled')
const TYPES_CHECKED = 'node_modules/.cache/types.tsbuildinfo'

type Step = { name: string; run: () => Promise<boolean> }

function command(program: string, args: string[] = [], env: Record<string, string> = {}) {
  return async (): Promise<boolean> =>
    new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: 'inherit',
        env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...env },
        shell: process.platform === 'win32',
      })
      child.on('error', (error) => {
        process.stderr.write(`${program}: ${error.message}\n`)
        resolve(false)
      })
      child.on('exit', (code) => resolve(code === 0))
    })
}

const steps: Step[] = [
  {
    name: 'types',
    // A second run checks what changed since and what depends on it.
    run: command('tsc', ['--noEmit', '--incremental', '--tsBuildInfoFile', TYPES_CHECKED]),
  },
  { name: 'lint', run: command('oxlint', ['--type-aware', '--deny-warnings']) },
  {
    name: 'import rules',
    run: command('depcruise', ['src', 'test', 'bench', 'scripts', 'e2e']),
  },
  { name: 'format', run: command('oxfmt', ['--check']) },
  { name: 'unused code', run: command('knip') },
  {
    name: 'unit tests',
    run: command('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitReport}`,
    ]),
  },
  {
    name: 'builds',
    run: async () => {
      proveServerBuildHasNoDemo(await ensureBuilt('console'))
      await ensureBuilt('demo')
      return true
    },
  },
  { name: 'size budget', run: command('size-limit') },
  {
    name: 'browser tests',
    run: command('playwright', ['test', '--reporter=list,json'], {
      PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport,
    }),
  },
]

const unitSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int() })
const browserSchema = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int() }),
})

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function counts(): { passed: number; failed: number } {
  const unit = unitSchema.safeParse(read(unitReport)).data
  const stats = browserSchema.safeParse(read(browserReport)).data?.stats
  return {
    passed: (unit?.numPassedTests ?? 0) + (stats?.expected ?? 0),
    failed: (unit?.numFailedTests ?? 0) + (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
  }
}

async function succeeds({ name, run }: Step): Promise<boolean> {
  process.stdout.write(`\n— ${name}\n`)
  try {
    return await run()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return false
  }
}

let failedStep: string | undefined
for (const step of steps) {
  if (await succeeds(step)) continue
  failedStep = step.name
  break
}
const { passed, failed } = counts()
rmSync(reports, { recursive: true, force: true })
if (failedStep) process.stderr.write(`\nlatchkey: the step '${failedStep}' failed\n`)
// A step that isn't made of tests counts as one failure.
process.stdout.write(`\n${passed} passed, ${failedStep ? Math.max(failed, 1) : failed} failed\n`)
process.exitCode = failedStep ? 1 : 0

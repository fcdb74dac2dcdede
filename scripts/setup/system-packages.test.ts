import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const PACKAGES = join(import.meta.dirname, 'system-packages.mjs')
const APT = 'echo "$0 $*" | sed "s:.*/::" >> "$CALLS"'

let folder: string
let calls: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-setup-'))
  calls = join(folder, 'calls')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(calls, '')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function addProgram(name: string, script: string): void {
  const file = join(folder, 'bin', name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

/** Installs two tools on a machine that has only the programs added, as a user or as root. */
function install({ uid, ci = '' }: { uid: number; ci?: string }) {
  const code = `
    const { chromium, postgresql, installSystemTools } = await import(${JSON.stringify(PACKAGES)})
    process.getuid = () => ${uid}
    installSystemTools([chromium, postgresql], ([program, ...args]) => {
      process.stdout.write([program, ...args].join(' ') + '\\n')
    })`
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, CALLS: calls, CI: ci },
  })
}

describe('Tools of the system', () => {
  const INSTALL = 'apt-get install -y --no-install-recommends chromium-headless-shell postgresql'

  it('are installed as root, after saying with which command', () => {
    addProgram('apt-get', APT)
    addProgram('apt-cache', APT)
    const { status, stdout, stderr } = install({ uid: 0 })
    expect(stderr).toBe(
      `latchkey: Chromium and PostgreSQL are missing; installing with root's rights: apt-get update && ${INSTALL}\n`,
    )
    expect(stdout).toBe(`apt-get update\n${INSTALL}\n`)
    expect(status).toBe(0)
  })

  it('are installed by sudo in CI', () => {
    addProgram('apt-get', APT)
    addProgram('apt-cache', APT)
    const { stdout } = install({ uid: 1000, ci: 'true' })
    expect(stdout).toBe(`sudo apt-get update\nsudo ${INSTALL}\n`)
  })

  it('are not installed for a user whom nobody can ask', () => {
    addProgram('apt-get', APT)
    addProgram('apt-cache', APT)
    const { status, stdout, stderr } = install({ uid: 1000 })
    expect(stderr).toContain('latchkey: Chromium is missing: install Chromium or Chrome')
    expect(stderr).toContain(`this does it: sudo apt-get update && sudo ${INSTALL}`)
    expect(stdout).toBe('')
    expect(status).toBe(1)
  })

  it('take the first package that apt knows', () => {
    addProgram('apt-get', APT)
    addProgram('apt-cache', '[ "$2" != chromium-headless-shell ]')
    expect(install({ uid: 0 }).stdout).toContain('recommends chromium postgresql')
  })

  it('are named with what to install where there is no apt', () => {
    addProgram('apt-get', 'exit 127')
    const { status, stdout, stderr } = install({ uid: 0 })
    expect(stderr).toContain('latchkey: Chromium is missing: install Chromium or Chrome')
    expect(stderr).toContain('latchkey: PostgreSQL is missing: install')
    expect(stderr).toContain('there is no apt')
    expect(stdout).toBe('')
    expect(status).toBe(1)
    expect(readFileSync(calls, 'utf8')).toBe('')
  })
})

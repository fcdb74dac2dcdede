import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { say, stop } from './say.mjs'

/**
 * A tool from the system's packages.
 *
 * @typedef {object} SystemTool
 * @property {string} title what people call it
 * @property {string[]} packages Debian's packages that have it, the preferred one first
 * @property {string} otherwise what to do where no package can be installed
 * @property {() => boolean} isThere whether this machine has it
 */

/** @type {SystemTool} */
export const chromium = {
  title: 'Chromium',
  // Tests need no window, and run a third faster in a browser without one.
  packages: ['chromium-headless-shell', 'chromium'],
  otherwise: 'install Chromium or Chrome and name its program in CHROMIUM',
  isThere: () => findChromium() !== undefined,
}

/** @type {SystemTool} */
export const postgresql = {
  title: 'PostgreSQL',
  packages: ['postgresql'],
  otherwise: "install PostgreSQL's server, 15 or newer, and put initdb and postgres on the PATH",
  isThere: hasPostgresql,
}

/** The path of Chromium or Chrome, or undefined. */
export function findChromium() {
  const places = [
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return process.env.CHROMIUM || places.find((place) => existsSync(place))
}

/** Whether PostgreSQL's server programs are on the PATH or where Debian puts them. */
function hasPostgresql() {
  const debian = '/usr/lib/postgresql'
  const folders = (process.env.PATH ?? '').split(delimiter)
  if (existsSync(debian)) {
    folders.push(...readdirSync(debian).map((version) => join(debian, version, 'bin')))
  }
  return folders.some((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  )
}

/**
 * How an installation with root's rights may go ahead: by itself as root and in CI, after a
 * question where a person is at a terminal, not at all otherwise.
 *
 * @param {{ isRoot: boolean, isCi: boolean, isTerminal: boolean }} where
 * @returns {'install' | 'ask' | 'explain'}
 */
export function consentFor({ isRoot, isCi, isTerminal }) {
  if (isRoot || isCi) return 'install'
  return isTerminal ? 'ask' : 'explain'
}

/**
 * Installs tools by apt. Says the command first; exits with what to do instead where there is no
 * apt, no package or no consent.
 *
 * @param {SystemTool[]} tools
 * @param {(command: string[], env: Record<string, string>) => void} run exits when the command fails
 */
export function installSystemTools(tools, run) {
  const explain = (why) => {
    for (const { title, otherwise } of tools) say(`${title} is missing: ${otherwise}`)
    stop(why)
  }
  if (spawnSync('apt-get', ['--version']).status !== 0) {
    explain('nothing was installed, since there is no apt')
  }
  const isRoot = process.getuid?.() === 0
  const isTerminal = Boolean(process.stdin.isTTY && process.stderr.isTTY)
  const consent = consentFor({ isRoot, isCi: Boolean(process.env.CI), isTerminal })
  const aptGet = isRoot ? ['apt-get'] : ['sudo', 'apt-get']
  const update = [...aptGet, 'update']
  const install = (names) => [...aptGet, 'install', '-y', '--no-install-recommends', ...names]
  const likely = tools.map((tool) => knownPackage(tool) ?? tool.packages[0])
  const shown = `${update.join(' ')} && ${install(likely).join(' ')}`
  if (consent === 'explain') explain(`nothing was installed; this does it: ${shown}`)
  say(`${titles(tools)} missing; installing with root's rights: ${shown}`)
  if (consent === 'ask' && !isConfirmed()) explain('nothing was installed')
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  run(update, quiet)
  // An updated list can have packages that it didn't have before.
  const packages = tools.map(knownPackage)
  if (packages.includes(undefined)) explain('apt has no package of it')
  run(install(packages), quiet)
}

function knownPackage({ packages }) {
  return packages.find((name) => spawnSync('apt-cache', ['show', name]).status === 0)
}

function titles(tools) {
  return `${tools.map(({ title }) => title).join(' and ')} ${tools.length > 1 ? 'are' : 'is'}`
}

function isConfirmed() {
  process.stderr.write('latchkey: go ahead? [Y/n] ')
  const answer = Buffer.alloc(64)
  try {
    const length = readSync(0, answer)
    // Ctrl+D ends the input without an answer.
    return length > 0 && /^\s*(?:y(?:es)?)?\s*$/i.test(answer.toString('utf8', 0, length))
  } catch {
    return false
  }
}

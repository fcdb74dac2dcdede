/**
 * Runs a command with the tools Latchkey needs, setting up what is missing first:
 *
 *   node scripts/with-tools.mjs [--browser] COMMAND [ARGUMENT…]
 *
 * - Node 24.7 or newer, into `.tools/node`, when the Node at hand is older;
 * - the dependencies, by `npm ci`, when `package-lock.json` isn't what was installed last;
 * - with `--browser`, Chromium: from the system's packages where apt is at hand.
 *
 * It runs on Node 20 and imports nothing but Node's own modules. A second run finds all
 * of it in place and starts the command at once.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The first with Argon2 of its own.
const NODE_MIN = [24, 7]
const NODE_VERSION = '24.21.0'
const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Prints one line on what is being set up; stdout stays the command's own. */
function say(line) {
  process.stderr.write(`latchkey: ${line}\n`)
}

/** Runs a set-up step to its end and stops with its output when it fails. */
function step(command, args, env) {
  const windows = process.platform === 'win32'
  const done = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', shell: windows })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`)
  say(`'${[command, ...args].join(' ')}' failed${done.error ? `: ${done.error.message}` : ''}`)
  process.exit(1)
}

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
}

function nodeFolder() {
  if (isNodeNewEnough()) return undefined
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const home = join(root, '.tools', 'node')
  const bin = join(home, 'node_modules', name, 'bin')
  if (!existsSync(bin)) {
    say(`Node ${process.versions.node} is too old; getting Node ${NODE_VERSION} into .tools/node`)
    mkdirSync(home, { recursive: true })
    step('npm', ['install', '--no-save', '--prefix', home, `${name}@${NODE_VERSION}`], process.env)
  }
  return bin
}

function installDependencies(env) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(root, 'node_modules', '.latchkey-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the dependencies')
  step('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], env)
  writeFileSync(stamp, wanted)
}

function findChromium() {
  const named = process.env.CHROMIUM
  if (named) return named
  const places = [
    // Without a window of its own, it needs a quarter less of the machine than the whole browser.
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return places.find((place) => existsSync(place))
}

function installChromium(env) {
  const found = findChromium()
  if (found) return found
  const apt = spawnSync('apt-get', ['--version']).status === 0
  if (!apt) {
    say('no Chromium found: install one and name it in CHROMIUM')
    process.exit(1)
  }
  say("installing Chromium from the system's packages")
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo']
  const aptGet = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args]
    step(command, rest, quiet)
  }
  aptGet('update')
  // Debian has it in two packages, other systems in one.
  const isSplit = spawnSync('apt-cache', ['show', 'chromium-headless-shell']).status === 0
  const name = isSplit ? 'chromium-headless-shell' : 'chromium'
  aptGet('install', '-y', '--no-install-recommends', name)
  return findChromium()
}

const args = process.argv.slice(2)
const browser = args[0] === '--browser'
if (browser) args.shift()
const [command, ...rest] = args
if (!command) {
  say('usage: node scripts/with-tools.mjs [--browser] COMMAND [ARGUMENT…]')
  process.exit(2)
}

const folders = [nodeFolder(), join(root, 'node_modules', '.bin')].filter(Boolean)
const env = { ...process.env, PATH: [...folders, process.env.PATH].join(delimiter) }
installDependencies(env)
if (browser) env.CHROMIUM = installChromium(env)

const child = spawn(command, rest, { stdio: 'inherit', env, shell: process.platform === 'win32' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm hands a signal to its shell alone, and a shell that it ends tells nobody: the command is
// told once this process finds itself without the parent that it had.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) child.kill('SIGTERM')
}, 250).unref()
child.on('error', (error) => {
  say(`${command}: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code, signal) => {
  process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0))
})

/**
 * Runs a command with the tools Latchkey needs, setting up what is missing first:
 *
 *   node scripts/setup/with-tools.mjs [--browser] [--postgres] COMMAND [ARGUMENT…]
 *
 * - Node 24.7 or newer, into `.tools/node`, when the Node at hand is older;
 * - the dependencies, by `npm ci`, when `package-lock.json` isn't what was installed last;
 * - with `--browser`, Chromium, and with `--postgres`, PostgreSQL's server, which tests start for
 *   themselves: from the system's packages where apt is at hand.
 *
 * It runs on Node 20 and imports nothing but Node's own modules. A second run finds all
 * of it in place and starts the command at once; two begun together set up one after the other.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The first with Argon2 of its own.
const NODE_MIN = [24, 7]
const NODE_VERSION = '24.21.0'
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

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

// Longer than any set-up takes: nobody waits for one that ended without a word.
const TURN_MILLISECONDS = 10 * 60_000
const turn = join(root, '.tools', 'setting-up')
let isMyTurn = false

/** Sets something up where it is missing, unless another command just does. */
function setUpUnless(isThere, setUp) {
  if (isThere()) return
  takeTurn()
  if (!isThere()) setUp()
}

/** Two commands begun at once would install over each other: this one waits for the other. */
function takeTurn() {
  if (isMyTurn) return
  mkdirSync(dirname(turn), { recursive: true })
  for (let isTold = false; !hasTakenTurn(); isTold = true) {
    if (!isTold) say('waiting until another command has set up what is missing')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  isMyTurn = true
  process.once('exit', releaseTurn)
}

function hasTakenTurn() {
  try {
    writeFileSync(turn, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (isTurnOver()) rmSync(turn, { force: true })
  return false
}

function isTurnOver() {
  try {
    if (Date.now() - statSync(turn).mtimeMs > TURN_MILLISECONDS) return true
    const owner = Number(readFileSync(turn, 'utf8'))
    // Processes of another container may have the same numbers, this one's among them.
    if (owner === process.pid) return true
    process.kill(owner, 0)
    return false
  } catch (error) {
    // Somebody else's process can't be told anything, but is there.
    return error.code !== 'EPERM'
  }
}

function releaseTurn() {
  if (isMyTurn) rmSync(turn, { force: true })
  isMyTurn = false
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
  setUpUnless(
    () => existsSync(bin),
    () => {
      say(`Node ${process.versions.node} is too old; getting Node ${NODE_VERSION} into .tools/node`)
      mkdirSync(home, { recursive: true })
      const wanted = `${name}@${NODE_VERSION}`
      step('npm', ['install', '--no-save', '--prefix', home, wanted], process.env)
    },
  )
  return bin
}

function installDependencies(env) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(root, 'node_modules', '.latchkey-installed')
  setUpUnless(
    () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted,
    () => {
      say('installing the dependencies')
      step('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], env)
      writeFileSync(stamp, wanted)
    },
  )
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
  // Debian has a browser without windows in a package of its own.
  const names = ['chromium-headless-shell', 'chromium']
  setUpUnless(findChromium, () =>
    installPackage(names, 'Chromium', 'install one and name it in CHROMIUM', env),
  )
  return findChromium()
}

function hasPostgres() {
  const packaged = '/usr/lib/postgresql'
  const folders = (process.env.PATH ?? '').split(delimiter)
  if (existsSync(packaged)) {
    folders.push(...readdirSync(packaged).map((version) => join(packaged, version, 'bin')))
  }
  return folders.some((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  )
}

function installPostgres(env) {
  setUpUnless(hasPostgres, () =>
    installPackage(['postgresql'], 'PostgreSQL', 'install its server and put it on the PATH', env),
  )
}

/** Installs the first of these packages that the system has; stops, saying what to do, without. */
function installPackage(names, title, otherwise, env) {
  const apt = spawnSync('apt-get', ['--version']).status === 0
  if (!apt) {
    say(`no ${title} found: ${otherwise}`)
    process.exit(1)
  }
  say(`installing ${title} from the system's packages`)
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' }
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo']
  const aptGet = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args]
    step(command, rest, quiet)
  }
  aptGet('update')
  const name = names.find((one) => spawnSync('apt-cache', ['show', one]).status === 0)
  if (name) return aptGet('install', '-y', '--no-install-recommends', name)
  say(`no package of ${title} found: ${otherwise}`)
  process.exit(1)
}

const args = process.argv.slice(2)
const wanted = new Set()
while (args[0] === '--browser' || args[0] === '--postgres') wanted.add(args.shift())
const [command, ...rest] = args
if (!command) {
  say('usage: node scripts/setup/with-tools.mjs [--browser] [--postgres] COMMAND [ARGUMENT…]')
  process.exit(2)
}

const folders = [nodeFolder(), join(root, 'node_modules', '.bin')].filter(Boolean)
const env = { ...process.env, PATH: [...folders, process.env.PATH].join(delimiter) }
installDependencies(env)
const browser = wanted.has('--browser') ? installChromium(env) : findChromium()
if (browser) env.CHROMIUM = browser
if (wanted.has('--postgres')) installPostgres(env)
releaseTurn()

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

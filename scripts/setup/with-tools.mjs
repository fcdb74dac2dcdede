/**
 * Runs a command with the tools Latchkey needs, setting up what is missing first:
 *
 *   node scripts/setup/with-tools.mjs [--browser] [--postgres] COMMAND [ARGUMENT…]
 *
 * - Node 24.7 or newer, into `.tools/node`, when the Node at hand is older;
 * - the dependencies, by `npm ci`, when `package-lock.json` isn't what was installed last;
 * - with `--browser`, Chromium, and with `--postgres`, PostgreSQL's server, which tests start for
 *   themselves: from the system's packages where apt is at hand, after saying so.
 *
 * It runs on Node 20 and needs no package. A second run finds everything in place and starts the
 * command at once.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say, stop } from './say.mjs'
import { SetupLock } from './setup-lock.mjs'
import { chromium, findChromium, installSystemTools, postgresql } from './system-packages.mjs'

// The first with Argon2 in node:crypto.
const NODE_MIN = [24, 7]
const NODE_VERSION = '24.21.0'
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const lock = new SetupLock(join(root, '.tools', 'setting-up'))

/** Runs a set-up step to its end; exits with its output when it fails. */
function step([program, ...args], env) {
  const windows = process.platform === 'win32'
  const done = spawnSync(program, args, { cwd: root, env, encoding: 'utf8', shell: windows })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`)
  stop(`'${[program, ...args].join(' ')}' failed${done.error ? `: ${done.error.message}` : ''}`)
}

/** Sets something up where it is missing, unless another command is just doing so. */
function setUpUnless(isThere, setUp) {
  if (isThere()) return
  lock.acquire(() => say('waiting until another command has set up what is missing'))
  if (!isThere()) setUp()
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
      step(['npm', 'install', '--no-save', '--prefix', home, wanted], process.env)
    },
  )
  return bin
}

function installDependencies(env) {
  const lockFile = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lockFile).digest('hex')
  const stamp = join(root, 'node_modules', '.latchkey-installed')
  setUpUnless(
    () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted,
    () => {
      say('installing the dependencies')
      step(['npm', 'ci', '--include=dev', '--no-audit', '--no-fund'], env)
      writeFileSync(stamp, wanted)
    },
  )
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
const tools = [wanted.has('--browser') && chromium, wanted.has('--postgres') && postgresql]
const missing = () => tools.filter((tool) => tool && !tool.isThere())
setUpUnless(
  () => missing().length === 0,
  () => installSystemTools(missing(), (command, more) => step(command, { ...env, ...more })),
)
lock.release()
const browser = findChromium()
if (browser) env.CHROMIUM = browser

const child = spawn(command, rest, { stdio: 'inherit', env, shell: process.platform === 'win32' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm passes a signal to its shell alone, and a shell that is killed passes it to nobody. A new
// parent id shows that this happened.
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

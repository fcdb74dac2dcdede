import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median, say, shown, table } from './print.ts'
import { memoryOf, withFolder } from './process.ts'
import { configOf, environmentOf, fillStore } from './store.ts'

const TIMES = 7
const MAIN = '../src/server/main.ts'

/** How long a server takes from its start until it is ready, and what it has in memory then. */
export async function benchStart(): Promise<void> {
  await withFolder(async (folder) => {
    const rows: string[][] = []
    for (const keys of [0, 100, 100_000]) {
      const dataDir = join(folder, String(keys))
      mkdirSync(dataDir)
      const spec = { upstream: 'http://127.0.0.1:9', keys, used: false }
      if (keys > 0) await fillStore(configOf(dataDir, undefined), spec)
      const starts: { milliseconds: number; memory: number | undefined }[] = []
      for (let time = 0; time < TIMES; time += 1) {
        const own = keys > 0 ? dataDir : join(dataDir, String(time))
        starts.push(await startOnce(own))
      }
      rows.push([
        keys === 0 ? 'with a new store' : `with ${shown(keys)} keys`,
        shown(median(starts.map(({ milliseconds }) => milliseconds))),
        shown(median(starts.map(({ memory }) => memory ?? Number.NaN))),
      ])
    }
    say(`Start of a server, median of ${TIMES}`)
    table(['', 'ms until ready', 'MB'], rows)
  })
}

async function startOnce(dataDir: string) {
  const started = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, MAIN)], {
    env: { ...process.env, ...environmentOf(dataDir, undefined), PORT: '0', MQTT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (piece) => {
    output += String(piece)
  })
  let url: string | undefined
  while ((url = /http:\/\/\S+/.exec(output)?.[0]) === undefined) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${output}`)
    await delay(1)
  }
  while ((await fetch(`${url}/readyz`)).status !== 200) await delay(1)
  const milliseconds = performance.now() - started
  const memory = memoryOf(child.pid ?? 0)
  child.kill()
  await once(child, 'exit')
  return { milliseconds, memory }
}

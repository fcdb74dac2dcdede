import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { measure, portOf, startUpstream, type Load } from './load.ts'
import { targetSpecSchema, type Target, type TargetSpec } from './target.ts'
import { startTarget } from './targets.ts'

// Upstream, load and each server are processes of their own: this file, forked.

const targetSchema = z.object({
  port: z.number(),
  requests: z.array(z.string()),
  wrongSecret: z.string(),
})
const loadSchema = z.object({
  port: z.number(),
  requests: z.array(z.string()),
  connections: z.number(),
  milliseconds: z.number(),
  from: z.string(),
  statuses: z.array(z.number()),
})
// What is sent to a load: a load to prepare, or one that is prepared and for how long.
const orderSchema = z.union([
  z.object({ prepare: z.string(), load: loadSchema }),
  z.object({ run: z.string(), milliseconds: z.number() }),
])

/** A process that this one started. */
export type Child = { child: ChildProcess; pid: number }

function start(role: string, ...args: string[]): Child {
  const child = fork(import.meta.filename, [role, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return { child, pid: child.pid ?? 0 }
}

async function messageOf<Schema extends z.ZodType>(
  { child }: Child,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const done = new AbortController()
  const ended = once(child, 'exit', { signal: done.signal }).then(() => {
    throw new Error('a process of the bench ended')
  })
  // It is given up below, once there is a message.
  ended.catch(() => {})
  const [message]: unknown[] = await Promise.race([
    once(child, 'message', { signal: done.signal }),
    ended,
  ])
  done.abort()
  return schema.parse(message)
}

/** Ends processes. */
export async function stop(...children: readonly Child[]): Promise<void> {
  await Promise.all(
    children.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    }),
  )
}

/** The upstream in a new process. */
export async function forkUpstream(): Promise<Child & { url: string }> {
  const child = start('upstream')
  return { ...child, url: `http://127.0.0.1:${await messageOf(child, z.number())}` }
}

/** A server in a new process. */
export async function forkTarget(spec: TargetSpec): Promise<Child & Required<Target>> {
  const child = start('target', JSON.stringify(spec))
  const target = await messageOf(child, targetSchema)
  const settle = async () => {
    child.child.send('settle')
    await messageOf(child, z.literal('settled'))
  }
  return { ...child, ...target, settle }
}

/** Something that puts load on servers, in a new process. */
export type LoadMaker = Child & {
  /** Tells it once what to send, by a name. */
  prepare(name: string, load: Omit<Load, 'milliseconds'>): void
  /** Answers per second; rejects when one has another status than is expected. */
  run(name: string, milliseconds: number): Promise<number>
}

export function forkLoad(): LoadMaker {
  const child = start('load')
  return {
    ...child,
    prepare: (name, load) => {
      child.child.send({ prepare: name, load: { ...load, milliseconds: 0 } })
    },
    run: (name, milliseconds) => {
      child.child.send({ run: name, milliseconds })
      return messageOf(child, z.number())
    },
  }
}

/** Gives the work a folder, which is gone when it is done. */
export async function withFolder<Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Linux counts in hundredths of a second, whatever the kernel.
const TICK_MILLISECONDS = 10

/** Milliseconds of CPU that a process has used; undefined where the system doesn't tell. */
export function cpuOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The name comes in parentheses and may hold anything.
  const [, , , , , , , , , , , user, system] =
    stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return system === undefined ? undefined : (Number(user) + Number(system)) * TICK_MILLISECONDS
}

/** Megabytes that a process has in memory; undefined where the system doesn't tell. */
export function memoryOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1000
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const [role, spec = ''] = process.argv.slice(2)
if (process.argv[1] === import.meta.filename) {
  if (role === 'upstream') process.send?.(portOf(await startUpstream()))
  if (role === 'target') {
    const { settle, ...target } = await startTarget(targetSpecSchema.parse(JSON.parse(spec)))
    process.on('message', () => {
      void Promise.resolve(settle?.()).then(() => process.send?.('settled'))
    })
    process.send?.(target)
  }
  if (role === 'load') {
    const loads = new Map<string, Load>()
    process.on('message', (message) => {
      const order = orderSchema.parse(message)
      if ('load' in order) {
        loads.set(order.prepare, order.load)
        return
      }
      const load = loads.get(order.run)
      if (!load) throw new Error(`nothing is known of ${order.run}`)
      const { milliseconds } = order
      void measure({ ...load, milliseconds }).then((rate) => process.send?.(rate))
    })
  }
}

import { z } from 'zod'
import type { BackendStatus } from '../../contract/backend.ts'
import type { Version } from '../../contract/deployments/plans.ts'
import type { Listener } from '../../contract/deployments/schemas.ts'
import type { HttpResponse } from '../../http-client/exchange.ts'
import type { EmqxConnection } from './endpoint.ts'

/** What an EMQX tells of itself at one moment; what it doesn't tell is undefined. */
export type Reading = {
  sessions?: number | undefined
  subscriptions?: number | undefined
  /** Messages per second, or counted since the start where EMQX knows no rate. */
  received?: { perSecond: number } | { total: number } | undefined
  sent?: { perSecond: number } | { total: number } | undefined
}

const BYTES_MAX = 4 * 1024 * 1024
const UPTIME_WORDS_MAX = 100
const PORT_MAX = 65_535

// GET /nodes of EMQX 5 (uptime in milliseconds) and of EMQX 4 (uptime in words, in `data`).
const node = z.object({
  node_status: z.string(),
  uptime: z.union([z.number(), z.string().max(UPTIME_WORDS_MAX)]).optional(),
})
const nodesSchemas = {
  v5: z.array(node).min(1),
  v4: z.object({ code: z.literal(0), data: z.array(node).min(1) }).transform(({ data }) => data),
}

// GET /monitor_current of EMQX 5. `live_connections` came with 5.1; before it, `connections`
// is the nearest, which also counts sessions that wait for their client.
// A figure that can't be is left out alone.
const wholeFigure = z.int().nonnegative().optional().catch(undefined)
const rateFigure = z.number().nonnegative().optional().catch(undefined)
const monitorSchema = z.object({
  connections: wholeFigure,
  live_connections: wholeFigure,
  subscriptions: wholeFigure,
  received_msg_rate: rateFigure,
  sent_msg_rate: rateFigure,
})

// GET /stats and GET /metrics of EMQX 4: one entry a node, dotted names.
const named = z.record(z.string(), z.unknown())
const statsSchema = z.object({ data: z.array(z.object({ stats: named })) })
const metricsSchema = z.object({ data: z.array(z.object({ metrics: named })) })

// GET /listeners of EMQX 5.
const listenersSchema = z.array(
  z.object({
    type: z.string(),
    bind: z.union([z.string(), z.number()]),
    enable: z.boolean(),
    status: z.object({ running: z.unknown() }).optional(),
  }),
)

/** Thrown where the answer isn't one that this version of EMQX gives. */
export class UnexpectedAnswer extends Error {
  readonly status: number

  constructor(path: string, status: number) {
    super(`GET ${path} was answered with ${status}, not as EMQX does`)
    this.name = 'UnexpectedAnswer'
    this.status = status
  }
}

/** Reads JSON off the API. Throws {@link UnexpectedAnswer}, or what the network throws. */
async function read<Schema extends z.ZodType>(
  connection: EmqxConnection,
  path: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.infer<Schema>> {
  const answer = await connection.read(path, signal)
  const { status } = answer
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of piecesOf(answer)) {
    pieces.push(piece)
    length += piece.length
    if (length > BYTES_MAX) throw new UnexpectedAnswer(path, status)
  }
  if (status !== 200) throw new UnexpectedAnswer(path, status)
  const parsed = schema.safeParse(parseJson(Buffer.concat(pieces)))
  if (!parsed.success) throw new UnexpectedAnswer(path, status)
  return parsed.data
}

function piecesOf({ body }: HttpResponse): AsyncIterable<Uint8Array> | Uint8Array[] {
  return body instanceof Uint8Array ? [body] : body
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The state of the cluster: running as soon as one node is, and since when. */
export async function readStatus(
  connection: EmqxConnection,
  version: Version,
  now: () => Date,
  signal: AbortSignal,
): Promise<BackendStatus> {
  const nodes = await read(connection, '/nodes', nodesSchemas[version], signal)
  const running = nodes.filter((one) => one.node_status.toLowerCase() === 'running')
  if (running.length === 0) return { state: 'stopped', startedAt: null }
  const uptimes = running.map((one) => uptimeOf(one.uptime)).filter((uptime) => uptime !== null)
  const longest = Math.max(...uptimes)
  const time = now().getTime()
  // A time that no clock shows would fail whoever writes it out.
  const isCredible = uptimes.length > 0 && longest >= 0 && longest <= time
  return { state: 'running', startedAt: isCredible ? new Date(time - longest) : null }
}

const UNITS: Record<string, number> = { day: 86_400, hour: 3600, minute: 60, second: 1 }

/** Milliseconds of an uptime: a number of them, or words such as "2 minutes, 21 seconds". */
function uptimeOf(uptime: number | string | undefined): number | null {
  if (typeof uptime === 'number') return uptime
  const parts = [...(uptime ?? '').matchAll(/(\d+) (day|hour|minute|second)s?/g)]
  if (parts.length === 0) return null
  const seconds = parts.map(([, count, unit = '']) => Number(count) * (UNITS[unit] ?? 0))
  return seconds.reduce((sum, part) => sum + part, 0) * 1000
}

/** The figures of the cluster now. */
export async function readFigures(
  connection: EmqxConnection,
  version: Version,
  signal: AbortSignal,
): Promise<Reading> {
  if (version === 'v5') {
    const current = await read(connection, '/monitor_current', monitorSchema, signal)
    return {
      sessions: current.live_connections ?? current.connections,
      subscriptions: current.subscriptions,
      received: perSecond(current.received_msg_rate),
      sent: perSecond(current.sent_msg_rate),
    }
  }
  const [stats, metrics] = await Promise.all([
    read(connection, '/stats', statsSchema, signal),
    read(connection, '/metrics', metricsSchema, signal),
  ])
  const counts = stats.data.map((one) => one.stats)
  const totals = metrics.data.map((one) => one.metrics)
  return {
    sessions: sumOf(counts, 'connections.count'),
    subscriptions: sumOf(counts, 'subscriptions.count'),
    received: total(sumOf(totals, 'messages.received')),
    sent: total(sumOf(totals, 'messages.sent')),
  }
}

function perSecond(rate: number | undefined) {
  return rate === undefined ? undefined : { perSecond: rate }
}

function total(count: number | undefined) {
  return count === undefined ? undefined : { total: count }
}

function sumOf(nodes: readonly Record<string, unknown>[], name: string): number | undefined {
  const numbers = nodes.map((one) => one[name]).filter((value) => typeof value === 'number')
  if (numbers.length === 0) return undefined
  return wholeFigure.parse(numbers.reduce((sum, value) => sum + value, 0))
}

const PROTOCOLS: Record<string, Listener['protocol']> = {
  tcp: 'mqtt',
  ssl: 'mqtts',
  ws: 'ws',
  wss: 'wss',
}

/** The MQTT listeners that can be reached from elsewhere. Only EMQX 5 is asked. */
export async function readListeners(
  connection: EmqxConnection,
  signal: AbortSignal,
): Promise<Listener[]> {
  const found = await read(connection, '/listeners', listenersSchema, signal)
  return found.flatMap(({ type, bind, enable, status }): Listener[] => {
    const protocol = PROTOCOLS[type]
    const [, address = '', port] = /^(?:(.*):)?(\d+)$/.exec(String(bind)) ?? []
    if (!protocol || port === undefined || /^(?:127\.|localhost$|\[::1\]$)/.test(address)) return []
    if (Number(port) > PORT_MAX) return []
    return [{ protocol, port: Number(port), enabled: enable && status?.running !== false }]
  })
}

import { Readable } from 'node:stream'
import {
  BackendUnavailable,
  type Backend,
  type BackendAnswer,
  type BackendCall,
  type BackendFigures,
  type BackendStatus,
} from '../../contract/backend.ts'
import type { Version } from '../../contract/plans.ts'
import { SERIES, type Listener } from '../../contract/schemas.ts'
import type { UpstreamAnswer } from './dispatching.ts'
import {
  DEFAULT_TIMEOUTS,
  EmqxConnection,
  toUnavailable,
  type EmqxEndpoint,
  type EmqxTimeouts,
} from './endpoint.ts'
import { readFigures, readListeners, readStatus, type Reading } from './readings.ts'
import { SampledSeries } from './sampled-series.ts'

export type EmqxOptions = {
  version: Version
  now: () => Date
  timeouts?: EmqxTimeouts
}

/** A backend over a running EMQX. Nothing is sent before it is asked for something. */
export function createEmqxBackend(
  endpoint: EmqxEndpoint,
  { version, now, timeouts = DEFAULT_TIMEOUTS }: EmqxOptions,
): Backend {
  const connection = new EmqxConnection(endpoint, version, timeouts)
  const signal = () => AbortSignal.timeout(timeouts.reading)
  const record = createRecorder(now)
  let listeners: Listener[] = []

  const status = shared(now, STATUS_SECONDS, async (): Promise<BackendStatus> => {
    try {
      return await readStatus(connection, version, now, signal())
    } catch {
      return { state: 'unreachable', startedAt: null }
    }
  })
  const figures = shared(now, STATUS_SECONDS, async (): Promise<BackendFigures> => {
    try {
      return record(await readFigures(connection, version, signal()))
    } catch {
      return {}
    }
  })
  const refreshListeners = shared(now, LISTENERS_SECONDS, async () => {
    try {
      if (version === 'v5') listeners = await readListeners(connection, signal())
    } catch {
      // What was read last stays: a broker that is down still has its ports.
    }
  })

  return {
    // What this EMQX lacks of the catalog it answers itself, with 404.
    supports: () => true,
    call: (call) => forward(connection, call),
    async status() {
      const [current] = await Promise.all([status(), refreshListeners()])
      return current
    },
    figures,
    connection: () => ({ host: connection.url.hostname.replaceAll(/[[\]]/g, ''), listeners }),
    close: () => connection.close(),
  }
}

// One slot of the charts: however many consoles poll, EMQX is asked once.
const STATUS_SECONDS = SERIES.secondsPerSlot
const LISTENERS_SECONDS = 60

/** Runs a reading at most once in so many seconds and lets everybody have its result. */
function shared<Value>(
  now: () => Date,
  seconds: number,
  read: () => Promise<Value>,
): () => Promise<Value> {
  let latest: Promise<Value> | undefined
  let at = 0
  return () => {
    const time = now().getTime()
    if (!latest || time < at || time - at >= seconds * 1000) {
      at = time
      latest = read()
    }
    return latest
  }
}

async function forward(connection: EmqxConnection, call: BackendCall): Promise<BackendAnswer> {
  const { method, rawPath, rawQuery, headers, body, signal } = call
  let answer: UpstreamAnswer
  try {
    const path = rawPath + rawQuery
    answer = await connection.forward({ method, path, headers, body, signal })
  } catch (error) {
    throw signal.aborted ? error : toUnavailable(error)
  }
  const { status } = answer
  const isRedirect = status >= 300 && status < 400 && status !== 304
  if (status !== 401 && status !== 407 && !isRedirect) return answer
  if (answer.body instanceof Readable) answer.body.on('error', () => {}).destroy()
  throw isRedirect
    ? new BackendUnavailable('unreachable', 'the EMQX answered with a redirect')
    : new BackendUnavailable('credentials', 'the EMQX refused the API key it was given')
}

/** Turns readings into figures with their series. */
function createRecorder(now: () => Date): (reading: Reading) => BackendFigures {
  const series = () => new SampledSeries(now)
  const gauges = { sessions: series(), subscriptions: series() }
  const rates = { received: rateRecorder(now), sent: rateRecorder(now) }
  const gauge = (kept: SampledSeries, current: number) => {
    kept.add(current)
    return { current, limit: null, series: kept.values() }
  }
  return ({ sessions, subscriptions, received, sent }) => {
    const messagesIn = rates.received(received)
    const messagesOut = rates.sent(sent)
    return {
      ...(sessions !== undefined && { sessions: gauge(gauges.sessions, sessions) }),
      ...(subscriptions !== undefined && {
        subscriptions: gauge(gauges.subscriptions, subscriptions),
      }),
      ...(messagesIn && { messagesIn }),
      ...(messagesOut && { messagesOut }),
    }
  }
}

/** A rate as EMQX gives it, or what its counter grew by since the reading before. */
function rateRecorder(now: () => Date) {
  const series = new SampledSeries(now)
  let before: { total: number; at: number } | undefined
  return (reading: Reading['received']) => {
    let perSecond: number | undefined
    if (reading && 'perSecond' in reading) perSecond = reading.perSecond
    if (reading && 'total' in reading) {
      const at = now().getTime()
      // A counter that shrank was reset: the broker started anew.
      if (before && at > before.at && reading.total >= before.total) {
        perSecond = ((reading.total - before.total) * 1000) / (at - before.at)
      }
      before = { total: reading.total, at }
    }
    if (perSecond === undefined) return undefined
    series.add(perSecond)
    return { perSecond, series: series.values() }
  }
}

import { Readable } from 'node:stream'
import {
  BackendUnavailable,
  type Backend,
  type BackendAnswer,
  type BackendCall,
  type BackendFigures,
  type BackendStatus,
} from '../../contract/backend.ts'
import type { Version } from '../../contract/deployments/plans.ts'
import type { Listener } from '../../contract/deployments/schemas.ts'
import { SERIES } from '../../contract/deployments/series.ts'
import type { HttpResponse } from '../../http-client/exchange.ts'
import { readFigures, readListeners, readStatus, type Reading } from './emqx-stats.ts'
import {
  DEFAULT_TIMEOUTS,
  EmqxConnection,
  toUnavailable,
  type EmqxEndpoint,
  type EmqxTimeouts,
} from './endpoint.ts'
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
  let shownListeners: Listener[] = []

  const status = shared(now, STATUS_SECONDS, {
    read: () => readStatus(connection, version, now, signal()),
    otherwise: (): BackendStatus => ({ state: 'unreachable', startedAt: null }),
  })
  const figures = shared(now, STATUS_SECONDS, {
    read: async () => record(await readFigures(connection, version, signal())),
    otherwise: (): BackendFigures => ({}),
  })
  const listeners = shared(now, LISTENERS_SECONDS, {
    read: async () => (version === 'v5' ? await readListeners(connection, signal()) : []),
    // A broker that is down still has the ports that were read last.
    otherwise: () => shownListeners,
  })

  return {
    // What this EMQX lacks of the catalog it answers itself, with 404.
    supports: () => true,
    call: (call) => forward(connection, call),
    async status() {
      const [current, read] = await Promise.all([status(), listeners()])
      shownListeners = read
      return current
    },
    figures,
    connection: () => ({
      host: connection.url.hostname.replaceAll(/[[\]]/g, ''),
      listeners: shownListeners,
    }),
    close: () => connection.close(),
  }
}

// One slot of the charts: however many consoles poll, EMQX is asked once.
const STATUS_SECONDS = SERIES.secondsPerSlot
const LISTENERS_SECONDS = 60
// One that doesn't answer would make every page wait.
const RETRY_SECONDS = 5

/** Runs a reading, lets everybody have its result, and runs it again when that is old. */
function shared<Value>(
  now: () => Date,
  seconds: number,
  { read, otherwise }: { read: () => Promise<Value>; otherwise: () => Value },
): () => Promise<Value> {
  let latest: Promise<Value> | undefined
  let freshUntil = 0
  const refresh = async () => {
    try {
      const value = await read()
      freshUntil = now().getTime() + seconds * 1000
      return value
    } catch {
      freshUntil = now().getTime() + RETRY_SECONDS * 1000
      return otherwise()
    }
  }
  return () => {
    if (!latest || now().getTime() >= freshUntil) {
      freshUntil = Number.POSITIVE_INFINITY
      latest = refresh()
    }
    return latest
  }
}

async function forward(connection: EmqxConnection, call: BackendCall): Promise<BackendAnswer> {
  const { method, rawPath, rawQuery, headers, body, signal } = call
  let answer: HttpResponse
  try {
    const path = rawPath + rawQuery
    answer = await connection.forward({ method, path, headers, body, signal })
  } catch (error) {
    throw signal.aborted ? error : toUnavailable(error)
  }
  const { status } = answer
  const isRedirect = status >= 300 && status < 400 && status !== 304
  if (status !== 401 && status !== 407 && !isRedirect) return answer
  if (answer.body instanceof Readable) answer.body.destroy()
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
      // A counter that shrank was reset: the broker restarted.
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

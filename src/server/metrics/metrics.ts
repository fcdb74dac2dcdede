import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { GatewayAnswer } from '../../gateway/call.ts'
import type { CallOutcome } from '../../gateway/usage/call-counter.ts'
import type { StoreQuery } from '../../store/store.ts'
import { FastHistogram } from './fast-histogram.ts'

/** What a page of the metrics is, in Prometheus's text format. */
export type MetricsPage = { contentType: string; body: string }

/** Background jobs. */
export type BackgroundWork = 'usage.write' | 'usage.age' | 'servers.follow'

/**
 * Counts what a server does. No label grows with keys, users or what callers make up: only the
 * deployments that there are have names in it.
 */
export type Metrics = {
  /** An answer of the gateway, and how long it took until it was there. */
  countCall(
    answer: Pick<GatewayAnswer, 'deploymentId' | 'outcome' | 'failure'>,
    seconds: number,
  ): void
  /** An answer of the management API, by its status. */
  countManaged(status: number, seconds: number): void
  /** Does the gateway's look-up of a key. */
  timeLookUp<Result>(prepareReads: () => Result): Result
  /** What the store was asked for, other than by the gateway for a key. */
  countQuery(query: StoreQuery): void
  /** Does a run of background work. */
  timeWork<Result>(work: BackgroundWork, run: () => Promise<Result>): Promise<Result>
  /** @param isOpen whether there is still a deployment of this id; what is told of others ends */
  page(isOpen: (deploymentId: string) => boolean): Promise<MetricsPage>
}

const REQUEST_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
]
const STORE_BUCKETS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5,
  2.5,
]

type Calls = Record<CallOutcome, number>

/** Makes the metrics. Calls are counted in plain numbers, since there are thousands per second. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const calls = new Map<string, Calls>()
  const callsTotal = new Counter({
    name: 'latchkey_gateway_calls_total',
    help: 'Calls through the gateway by outcome; deployment is empty for unknown deployment ids',
    labelNames: ['deployment', 'outcome'],
    registers: [],
    collect() {
      this.reset()
      for (const [deployment, counts] of calls) {
        for (const [outcome, count] of Object.entries(counts)) {
          this.inc({ deployment, outcome }, count)
        }
      }
    },
  })
  registry.registerMetric(callsTotal)
  const failures = new Counter({
    name: 'latchkey_gateway_failures_total',
    help: 'Calls that failed on the server side by kind: unreachable, timeout, credentials, notOffered (backend), store, broken',
    labelNames: ['deployment', 'kind'],
    registers,
  })
  const requests = new FastHistogram({
    name: 'latchkey_request_duration_seconds',
    help: 'Time from the head of a request to the head of its response, by route and outcome',
    buckets: REQUEST_BUCKETS,
  })
  const requestsOf = (route: string) => ({
    allowed: requests.series({ route, outcome: 'allowed' }),
    refused: requests.series({ route, outcome: 'refused' }),
    failed: requests.series({ route, outcome: 'failed' }),
  })
  const [called, managed] = [requestsOf('gateway'), requestsOf('management')]
  const lookUps = new FastHistogram({
    name: 'latchkey_key_lookup_duration_seconds',
    help: 'Time of a key lookup of the gateway',
    buckets: STORE_BUCKETS,
  })
  const prepareReads = lookUps.series({})
  const queries = new Histogram({
    name: 'latchkey_store_query_duration_seconds',
    help: 'Time of other store queries, by kind (read, write) and result',
    labelNames: ['kind', 'result'],
    buckets: STORE_BUCKETS,
    registers,
  })
  const work = new Histogram({
    name: 'latchkey_background_duration_seconds',
    help: 'Time of background jobs, by job and result',
    labelNames: ['work', 'result'],
    buckets: REQUEST_BUCKETS,
    registers,
  })

  function callsOf(deployment: string): Calls {
    let counts = calls.get(deployment)
    if (!counts) calls.set(deployment, (counts = { allowed: 0, refused: 0, failed: 0 }))
    return counts
  }

  return {
    countCall({ deploymentId, outcome, failure }, seconds) {
      callsOf(deploymentId ?? '')[outcome] += 1
      if (failure) failures.inc({ deployment: deploymentId ?? '', kind: failure })
      called[outcome].observe(seconds)
    },
    countManaged(status, seconds) {
      managed[outcomeOf(status)].observe(seconds)
    },
    timeLookUp(find) {
      const started = performance.now()
      const note = () => prepareReads.observe((performance.now() - started) / 1000)
      const found = find()
      if (found instanceof Promise) found.then(note, () => {})
      else note()
      return found
    },
    countQuery({ kind, milliseconds, failed }) {
      queries.observe({ kind, result: resultOf(failed) }, milliseconds / 1000)
    },
    async timeWork(name, run) {
      const started = performance.now()
      let failed = true
      try {
        const result = await run()
        failed = false
        return result
      } finally {
        const seconds = (performance.now() - started) / 1000
        work.observe({ work: name, result: resultOf(failed) }, seconds)
      }
    },
    async page(isOpen) {
      for (const deployment of calls.keys()) {
        if (deployment === '' || isOpen(deployment)) continue
        calls.delete(deployment)
      }
      const { values } = await failures.get()
      for (const { labels } of values) {
        const { deployment = '' } = labels
        if (deployment !== '' && !isOpen(String(deployment))) failures.remove(labels)
      }
      const pages = [await registry.metrics(), requests.text(), lookUps.text()]
      return { contentType: registry.contentType, body: pages.join('') }
    },
  }
}

function outcomeOf(status: number): CallOutcome {
  if (status < 400) return 'allowed'
  return status < 500 ? 'refused' : 'failed'
}

function resultOf(failed: boolean): 'done' | 'failed' {
  return failed ? 'failed' : 'done'
}

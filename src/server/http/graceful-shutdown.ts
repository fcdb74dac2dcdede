import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Stops a server without breaking a call: drains it, then closes it. */
export type GracefulShutdown = {
  /** Whether load balancers should send calls here. */
  isReady(): boolean
  /** Whether responses have to close their connections. */
  isClosing(): boolean
  /** Counts the requests of a server. */
  watch(server: Server): void
  /**
   * Drains: `/readyz` fails, and the server keeps serving until the load balancer has stopped
   * sending calls, or for a bounded time.
   */
  drain(): Promise<void>
  /**
   * Accepts no more connections, finishes requests in flight for a bounded time, and then calls
   * `closeServices`, which ends WebSockets too.
   */
  close(server: Server, closeServices: () => Promise<void>): Promise<void>
}

const QUIET_MS = 300
const DRAIN_MAX_MS = 3000
// Orchestrators kill after 30 seconds, so both together stay below that.
const CLOSE_MAX_MS = 25_000
const POLL_MS = 50

// Probes continue to the end, so they don't count as calls.
const PROBE_PATH = /^\/(?:healthz|readyz|metrics)(?:\?|$)/

export function createGracefulShutdown(): GracefulShutdown {
  let stage: 'running' | 'draining' | 'finishing' = 'running'
  let inFlight = 0
  let lastCallAt = Number.NEGATIVE_INFINITY
  const done = () => {
    inFlight -= 1
  }
  const isQuiet = () => performance.now() - lastCallAt > QUIET_MS

  return {
    isReady: () => stage === 'running',
    isClosing: () => stage === 'finishing',
    watch(server) {
      const count = ({ url = '' }: IncomingMessage, response: ServerResponse) => {
        inFlight += 1
        response.on('close', done)
        if (stage !== 'running' && !PROBE_PATH.test(url)) lastCallAt = performance.now()
      }
      server.on('request', count)
      server.on('checkContinue', count)
    },
    async drain() {
      stage = 'draining'
      lastCallAt = performance.now()
      await until(isQuiet, DRAIN_MAX_MS)
    },
    async close(server, closeServices) {
      stage = 'finishing'
      // http.Server's own close() ends idle connections, on which a call may be arriving.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve())
      })
      await until(() => inFlight === 0 && isQuiet(), CLOSE_MAX_MS)
      server.closeAllConnections()
      await closeServices()
      await closed
    },
  }
}

async function until(isDone: () => boolean, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (!isDone() && performance.now() < deadline) await delay(POLL_MS)
}

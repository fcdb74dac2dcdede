import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** How a server goes without breaking a call. */
export type GracefulStop = {
  /** From then on, no answer keeps its connection, and the server isn't ready. */
  isStopping(): boolean
  /** Watches the answers of the server that is to stop. */
  watch(server: Server): void
  /**
   * Goes on answering until whoever spreads the calls has turned away: until none came for a
   * moment, or for a bounded time.
   */
  drain(): Promise<void>
  /**
   * Takes no more connections, waits for the answers under way, for a bounded time, then closes
   * what is behind them; that ends the WebSockets too, which a server's own close would wait for.
   */
  finish(server: Server, close: () => Promise<void>): Promise<void>
}

const QUIET_MILLISECONDS = 300
const DRAIN_MILLISECONDS = 3000
// Both together stay below the half minute that orchestrators wait before they kill.
const FINISH_MILLISECONDS = 25_000
const SWEEP_MILLISECONDS = 50

// Who asks for these watches the server, and does so to the end.
const WATCHERS_PATH = /^\/(?:healthz|readyz|metrics)(?:\?|$)/

export function createGracefulStop(): GracefulStop {
  let isStopping = false
  let underWay = 0
  let lastCallAt = Number.NEGATIVE_INFINITY
  const done = () => {
    underWay -= 1
  }
  const isQuiet = () => performance.now() - lastCallAt > QUIET_MILLISECONDS

  return {
    isStopping: () => isStopping,
    watch(server) {
      const count = ({ url = '' }: IncomingMessage, response: ServerResponse) => {
        underWay += 1
        response.on('close', done)
        if (isStopping && !WATCHERS_PATH.test(url)) lastCallAt = performance.now()
      }
      server.on('request', count)
      server.on('checkContinue', count)
    },
    async drain() {
      isStopping = true
      lastCallAt = performance.now()
      await until(isQuiet, DRAIN_MILLISECONDS)
    },
    async finish(server, close) {
      isStopping = true
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      // What connected last may not have asked yet.
      await until(() => underWay === 0 && isQuiet(), FINISH_MILLISECONDS)
      server.closeAllConnections()
      await close()
      await closed
    },
  }
}

async function until(isDone: () => boolean, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (!isDone() && performance.now() < deadline) await delay(SWEEP_MILLISECONDS)
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How a server goes without breaking a call. */
export type GracefulStop = {
  /** Whether calls are to be sent here. */
  isReady(): boolean
  /** Whether an answer is the last one on its connection. */
  isLast(): boolean
  /** Watches the answers of the server that is to stop. */
  watch(server: Server): void
  /**
   * Is no longer ready, and otherwise goes on as before until whoever spreads the calls has turned
   * away: until none came for a moment, or for a bounded time.
   */
  drain(): Promise<void>
  /**
   * Takes no more connections, gives each of those that there are its last answer, for a bounded
   * time, then closes what is behind them; that ends the WebSockets too, which a server's own
   * close would wait for.
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
  let stage: 'running' | 'draining' | 'finishing' = 'running'
  let underWay = 0
  let lastCallAt = Number.NEGATIVE_INFINITY
  const done = () => {
    underWay -= 1
  }
  const isQuiet = () => performance.now() - lastCallAt > QUIET_MILLISECONDS

  return {
    isReady: () => stage === 'running',
    isLast: () => stage === 'finishing',
    watch(server) {
      const count = ({ url = '' }: IncomingMessage, response: ServerResponse) => {
        underWay += 1
        response.on('close', done)
        if (stage !== 'running' && !WATCHERS_PATH.test(url)) lastCallAt = performance.now()
      }
      server.on('request', count)
      server.on('checkContinue', count)
    },
    async drain() {
      stage = 'draining'
      lastCallAt = performance.now()
      await until(isQuiet, DRAIN_MILLISECONDS)
    },
    async finish(server, close) {
      stage = 'finishing'
      // Not by the server's own method: that ends idle connections on which a call may be coming.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve())
      })
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

import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { MqttConnection, sourceOf, type ConnectionSource } from './connection.ts'
import type { Traffic } from './traffic.ts'
import { MqttWebSockets } from './websockets.ts'

export type ListenersPorts = {
  /** The address that the TCP listener binds to. */
  host: string
  /** The TCP port; 0 is any free one. */
  port: number
  /** Counts the traffic of all connections together. */
  total: Traffic
  onConnection: (connection: MqttConnection) => void
  onPublishSent: () => void
  /** Told of an error of the listener once it is open. */
  onError: (error: unknown) => void
}

// Finds out about clients that vanished without a word, should they have no keep-alive.
const TCP_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }
// Connections that haven't said who they are; those of known clients are limited by sessions.
const WAITING_MAX = 1000

/** Takes in the connections of one broker's clients, over TCP and WebSocket. */
export class Listeners {
  readonly #ports: ListenersPorts
  readonly #server: Server
  readonly #webSockets = new MqttWebSockets((stream, source) => this.#accept(stream, source))
  readonly #connections = new Set<MqttConnection>()
  /** Connections without a session yet. */
  readonly #waiting = new Set<MqttConnection>()
  #port = 0
  #isOpen = false

  constructor(ports: ListenersPorts) {
    this.#ports = ports
    this.#server = createServer(TCP_OPTIONS, (socket) => {
      this.#accept(socket, sourceOf(socket, 'tcp:default'))
    })
  }

  /** The TCP port it listens on, once it is open. */
  get port(): number {
    return this.#port
  }

  /** Rejects with Node's error (`EADDRINUSE`) when the port is taken. */
  async open(): Promise<void> {
    const { host, port, onError } = this.#ports
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    this.#server.on('error', onError)
    const address = this.#server.address()
    if (typeof address === 'object' && address) this.#port = address.port
    this.#isOpen = true
  }

  /** Takes over an HTTP request to upgrade to MQTT over WebSocket, and answers it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, socket, head)
  }

  #accept(stream: Duplex, source: ConnectionSource): void {
    if (!this.#isOpen || this.#waiting.size >= WAITING_MAX) {
      stream.on('error', () => stream.destroy())
      stream.destroy()
      return
    }
    const { total, onConnection, onPublishSent } = this.#ports
    const connection = new MqttConnection(stream, { source, total, onPublishSent })
    this.#connections.add(connection)
    this.#waiting.add(connection)
    onConnection(connection)
    connection.on('close', () => {
      this.#connections.delete(connection)
      this.#waiting.delete(connection)
    })
  }

  /** Lets a connection in whose client has a session now. */
  admit(connection: MqttConnection): void {
    this.#waiting.delete(connection)
    connection.admit()
  }

  /** Takes no more connections; resolves when the TCP ones have ended. */
  stop(): Promise<void> {
    this.#isOpen = false
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  /** Ends every connection that is left. */
  destroyAll(): void {
    for (const connection of this.#connections) connection.destroy()
  }
}

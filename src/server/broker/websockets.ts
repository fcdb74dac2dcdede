import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws'
import { sourceOf, type ConnectionSource } from './connection.ts'
import { rejectUpgrade } from './reject-upgrade.ts'

const SUBPROTOCOL = 'mqtt'
// A frame may hold several packets, or a part of one.
const FRAME_MAX = 2 * 1024 * 1024

/** MQTT over WebSocket (MQTT 3.1.1 section 6) from upgrade requests of an HTTP server. */
export class MqttWebSockets {
  readonly #accept: (stream: Duplex, source: ConnectionSource) => void
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: FRAME_MAX,
    handleProtocols: () => SUBPROTOCOL,
  })

  constructor(accept: (stream: Duplex, source: ConnectionSource) => void) {
    this.#accept = accept
  }

  /** Answers a request to upgrade; one that doesn't offer the subprotocol `mqtt` gets a 400. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = request.headers['sec-websocket-protocol']?.split(',') ?? []
    if (!offered.some((name) => name.trim() === SUBPROTOCOL)) {
      rejectUpgrade(socket, '400 Bad Request')
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#open(webSocket, sourceOf(request.socket, 'ws:default'))
    })
  }

  #open(webSocket: WebSocket, source: ConnectionSource): void {
    // MQTT travels in binary frames only; others end the connection (section 6).
    webSocket.on('message', (_data, isBinary) => {
      if (!isBinary) webSocket.terminate()
    })
    this.#accept(createWebSocketStream(webSocket), source)
  }
}

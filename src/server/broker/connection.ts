import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { BrokerClient } from '../../backends/broker/broker.ts'
import { newTraffic, PacketScanner, PUBLISH, type Traffic } from './traffic.ts'

/** EMQX's default for the largest packet (`max_packet_size`). */
const PACKET_MAX = 1024 * 1024
// A CONNECT packet holds at most five strings, and who sends one isn't known yet.
const CONNECT_MAX = 128 * 1024

/** Where a connection comes from, and to which listener. */
export type ConnectionSource = Pick<BrokerClient, 'ipAddress' | 'port' | 'listener'>

/** The source of a connection by its socket; an IPv4 address is written as such. */
export function sourceOf(
  { remoteAddress = '', remotePort = 0 }: Socket,
  listener: ConnectionSource['listener'],
): ConnectionSource {
  return { ipAddress: remoteAddress.replace(/^::ffff:/, ''), port: remotePort, listener }
}

/**
 * A client's byte stream, TCP or WebSocket, on its way to aedes. It counts what passes, and
 * ends a stream that isn't MQTT or holds too large a packet, which aedes would gather in memory.
 */
export class MqttConnection extends Duplex {
  readonly source: ConnectionSource
  readonly traffic = newTraffic()
  readonly #inner: Duplex
  readonly #incoming: PacketScanner
  readonly #outgoing: PacketScanner
  readonly #total: Traffic
  #maxBytes = CONNECT_MAX

  /** @param total counts the traffic of all connections together */
  constructor(
    inner: Duplex,
    {
      source,
      total,
      onPublishSent,
    }: { source: ConnectionSource; total: Traffic; onPublishSent: () => void },
  ) {
    super()
    this.source = source
    this.#inner = inner
    this.#total = total
    const { received, sent } = this.traffic
    this.#incoming = new PacketScanner((type, qos) => {
      received.addPacket(type, qos)
      total.received.addPacket(type, qos)
    })
    this.#outgoing = new PacketScanner((type, qos) => {
      sent.addPacket(type, qos)
      total.sent.addPacket(type, qos)
      if (type === PUBLISH) onPublishSent()
    })
    inner.on('data', (chunk: Buffer) => this.#receive(chunk))
    inner.on('error', (error) => this.destroy(error))
    inner.on('end', () => this.push(null))
    inner.on('close', () => {
      // After a regular end aedes still reads what came before it.
      if (!inner.readableEnded) this.destroy()
    })
  }

  /** From now on packets may have the size of messages; call it when the client is known. */
  admit(): void {
    this.#maxBytes = PACKET_MAX
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return
    this.traffic.received.bytes += chunk.length
    this.#total.received.bytes += chunk.length
    try {
      this.#incoming.scan(chunk, this.#maxBytes)
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (!this.push(chunk)) this.#inner.pause()
  }

  #send(chunk: Buffer, done?: (error?: Error | null) => void): void {
    this.traffic.sent.bytes += chunk.length
    this.#total.sent.bytes += chunk.length
    this.#outgoing.scan(chunk, Number.POSITIVE_INFINITY)
    this.#inner.write(chunk, done)
  }

  override _read(): void {
    this.#inner.resume()
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#send(chunk, done)
  }

  // aedes writes a packet in many small pieces; together they make one segment.
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy()
    done(error)
  }
}

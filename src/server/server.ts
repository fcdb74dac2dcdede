import { hash, randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { DEFAULT_TIMEOUTS, type EmqxTimeouts } from '../backends/emqx/endpoint.ts'
import type { RandomBytes } from '../contract/credentials.ts'
import { Problem } from '../contract/problem.ts'
import { CallCounter } from '../gateway/call-counter.ts'
import { createGateway } from '../gateway/gateway.ts'
import { createManagementApi } from '../management/management-api.ts'
import { addSample, sampleDeployments } from '../management/samples.ts'
import { openStore, type Store } from '../store/store.ts'
import { OpenBackends } from './backend-directory.ts'
import { BadSetting, type Config } from './config.ts'
import { openDataFolder } from './data-folder.ts'
import { openEmbedded } from './embedded.ts'
import { createGatewayListener } from './gateway-listener.ts'
import { createListener } from './listener.ts'
import type { Log } from './logs.ts'
import { openLookUp, sqliteDialect } from './sqlite.ts'
import { loadStaticFiles } from './static-files.ts'

export type ServerPorts = {
  config: Config
  /** The folder of the built console. */
  consoleFolder: string
  now: () => Date
  random: RandomBytes
  log: Log
  /** How long to wait for an EMQX; tests wait less. */
  emqxTimeouts?: EmqxTimeouts
}

export type RunningServer = {
  /** Where it can be reached on this machine. */
  readonly url: string
  /** Finishes what is under way, for a bounded time, and lets go of everything. */
  stop(): Promise<void>
}

/** Starts a server. Rejects with {@link BadSetting} where a setting is what keeps it from that. */
export async function startServer(ports: ServerPorts): Promise<RunningServer> {
  const { config, now, random, log, emqxTimeouts = DEFAULT_TIMEOUTS } = ports
  const { databaseFile, sealingKey, isNew } = openDataFolder(config.dataDir)
  const dialect = sqliteDialect(databaseFile)
  const { lookUp, close: closeLookUp } = openLookUp(databaseFile)
  const store = await openStore({ dialect, lookUp, sealingKey })
  const counter = new CallCounter(now)
  const onError = (error: unknown) => log.error('Something failed behind an answer', error)
  let server: Server | undefined
  const embeddedPorts = {
    host: config.host,
    httpPort: () => server && portOf(server),
    now,
    random,
    onError,
  }
  const backends = new OpenBackends({
    openEmbedded: (deployment, tcpPort) => openEmbedded(deployment, tcpPort, embeddedPorts),
    mqttPort: config.mqttPort,
    emqxTimeouts,
    counter,
    now,
    log,
  })
  const close = async () => {
    await backends.closeAll()
    closeLookUp()
    await store.close()
  }
  try {
    if (isNew && config.samples) {
      for (const sample of sampleDeployments) {
        await addSample(store, sample, { createdAt: now(), random })
      }
    }
    await openAll(store, backends)
    const listener = createServer(ports, { store, backends, counter, onError })
    const underWay = watchAnswers(listener)
    await listen(listener, config)
    server = listener
    return { url: urlOf(listener, config.host), stop: () => stop(listener, underWay, close) }
  } catch (error) {
    await close()
    throw error
  }
}

async function openAll(store: Store, backends: OpenBackends): Promise<void> {
  for (const deployment of await store.deployments.list()) {
    try {
      await backends.open(deployment)
    } catch (error) {
      throw error instanceof Problem ? new BadSetting(error.message) : error
    }
  }
}

type Parts = {
  store: Store
  backends: OpenBackends
  counter: CallCounter
  onError: (error: unknown) => void
}

function createServer(
  { config, consoleFolder, now, random, log }: ServerPorts,
  { store, backends, counter, onError }: Parts,
): Server {
  const gateway = createGateway({
    findKey: (appId) => store.apiKeys.findForCall(appId),
    backendOf: (deploymentId) => backends.get(deploymentId),
    sha256: (text) => hash('sha256', text, 'buffer'),
    now,
    counter,
    onError,
  })
  const management = createManagementApi({
    store,
    backends,
    calls: counter,
    now,
    random,
    origin: (request) => config.publicUrl ?? new URL(request.url).origin,
    onError,
  })
  const files = loadStaticFiles(consoleFolder)
  if (!files.isBuilt) log.warn('There is no console: build it with npm run build')
  return createListener({
    gateway: createGatewayListener(gateway, log),
    management,
    files,
    broker: (deploymentId) => backends.embedded(deploymentId),
    publicUrl: config.publicUrl,
    log,
    newRequestId: () => randomBytes(9).toString('base64url'),
  })
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new BadSetting(`PORT ${port} is taken on ${host}. Free it, or set another PORT.`)
    }
    throw new BadSetting(`PORT ${port} on HOST ${host} can't be used: ${String(code ?? error)}.`)
  })
}

function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : undefined
}

function urlOf(server: Server, host: string): string {
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${portOf(server)}`
}

const STOP_MILLISECONDS = 8000
const SWEEP_MILLISECONDS = 50

/** Counts the answers that are under way on a server. */
function watchAnswers(server: Server): () => number {
  let underWay = 0
  const done = () => {
    underWay -= 1
  }
  const watch = (_: IncomingMessage, response: ServerResponse) => {
    underWay += 1
    response.on('close', done)
  }
  server.on('request', watch)
  server.on('checkContinue', watch)
  return () => underWay
}

/**
 * Takes no more connections, waits for the answers under way, then closes what is behind
 * them; that ends the WebSockets too, which a server's own close would wait for.
 */
async function stop(
  server: Server,
  underWay: () => number,
  close: () => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  const deadline = Date.now() + STOP_MILLISECONDS
  while (underWay() > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, SWEEP_MILLISECONDS))
  }
  server.closeAllConnections()
  await close()
  await closed
}

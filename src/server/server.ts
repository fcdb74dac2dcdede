import { hash, randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { Problem } from '../contract/problem.ts'
import { CallCounter } from '../gateway/call-counter.ts'
import { createGateway } from '../gateway/gateway.ts'
import { createManagementApi } from '../management/management-api.ts'
import { addSample, sampleDeployments } from '../management/samples.ts'
import { openStore, type Store } from '../store/store.ts'
import { OpenBackends, type DirectoryPorts } from './backend-directory.ts'
import { BadSetting, type Config } from './config.ts'
import { openDataFolder } from './data-folder.ts'
import { createGatewayListener } from './gateway-listener.ts'
import { createListener } from './listener.ts'
import type { Log } from './logs.ts'
import { sqliteDialect } from './sqlite.ts'
import { loadStaticFiles } from './static-files.ts'

export type ServerPorts = {
  config: Config
  /** The folder of the built console. */
  consoleFolder: string
  openEmbedded: DirectoryPorts['openEmbedded']
  now: () => Date
  random: (length: number) => Uint8Array
  log: Log
}

export type RunningServer = {
  /** Where it can be reached on this machine. */
  readonly url: string
  /** Finishes what is under way, for a bounded time, and lets go of everything. */
  stop(): Promise<void>
}

/** Starts a server. Rejects with {@link BadSetting} where a setting is what keeps it from that. */
export async function startServer(ports: ServerPorts): Promise<RunningServer> {
  const { config, now, random, log } = ports
  const { databaseFile, sealingKey, isNew } = openDataFolder(config.dataDir)
  const store = await openStore({ dialect: sqliteDialect(databaseFile), sealingKey })
  const counter = new CallCounter(now)
  const { openEmbedded } = ports
  const { mqttPort } = config
  const backends = new OpenBackends({ openEmbedded, mqttPort, counter, now, log })
  const close = async () => {
    await backends.closeAll()
    await store.close()
  }
  try {
    if (isNew && config.samples) {
      for (const sample of sampleDeployments) {
        await addSample(store, sample, { createdAt: now(), random })
      }
    }
    await openAll(store, backends)
    const server = createServer(ports, store, backends, counter)
    await listen(server, config)
    return { url: urlOf(server, config.host), stop: () => stop(server, close) }
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

function createServer(
  { config, consoleFolder, now, random, log }: ServerPorts,
  store: Store,
  backends: OpenBackends,
  counter: CallCounter,
): Server {
  const onError = (error: unknown) => log.error('Something failed behind an answer', error)
  const gateway = createGateway({
    findKey: (deploymentId, appId) => store.apiKeys.findForCall(deploymentId, appId),
    backendOf: (deploymentId) => backends.get(deploymentId),
    sha256: (text) => hash('sha256', text, 'buffer'),
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

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

const STOP_MILLISECONDS = 8000
const SWEEP_MILLISECONDS = 50

/** Takes no more connections and waits for the answers under way before anything is closed. */
async function stop(server: Server, close: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  // A connection that is kept alive becomes idle once its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MILLISECONDS)
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_MILLISECONDS)
  await closed
  clearInterval(sweep)
  clearTimeout(deadline)
  await close()
}

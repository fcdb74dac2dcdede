import { hash } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { DEFAULT_TIMEOUTS, type EmqxTimeouts } from '../backends/emqx/endpoint.ts'
import { Problem } from '../contract/http/problem.ts'
import type { RandomBytes } from '../contract/keys/credentials.ts'
import type { KeyIdentity } from '../contract/keys/key-identity.ts'
import { isLoopbackHost } from '../contract/network/loopback.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import { CallCounter } from '../gateway/usage/call-counter.ts'
import type { UsageRecorder } from '../gateway/usage/usage-recorder.ts'
import { addSample, sampleDeployments } from '../management/deployments/samples.ts'
import { createManagementApi } from '../management/management-api.ts'
import type { SignIn } from '../management/ports.ts'
import type { Store } from '../store/store.ts'
import { TARPIT_DELAY_MS } from '../throttle/failed-auth-limiter.ts'
import { ConfigError, type Config } from './config/config.ts'
import { addressesBehind } from './http/client-addresses.ts'
import { clientAddressOf } from './http/fetch-listener.ts'
import { createGatewayListener } from './http/gateway-listener.ts'
import { createGracefulShutdown, type GracefulShutdown } from './http/graceful-shutdown.ts'
import { createListener } from './http/listener.ts'
import { requestIdsBehind } from './http/request-ids.ts'
import { loadStaticFiles } from './http/static-files.ts'
import { loadTls } from './http/tls.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { startClusterSync, type ClusterSync } from './runtime/cluster-sync.ts'
import { openEmbedded } from './runtime/embedded-brokers.ts'
import { ALWAYS_LEADER, advisoryLockLeader } from './runtime/leader-election.ts'
import type { Log } from './runtime/logs.ts'
import { OpenBackends } from './runtime/open-backends.ts'
import { startUsageRecording } from './runtime/usage-recording.ts'
import { disablePretenuring } from './runtime/v8-flags.ts'
import { addFirstAdministrator } from './sign-in/first-administrator.ts'
import { createPasswords, DEFAULT_PASSWORD_COST, type PasswordCost } from './sign-in/passwords.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { openConfiguredStore } from './storage/open-store.ts'

export type ServerPorts = {
  config: Config
  /** The folder of the built console. */
  consoleFolder: string
  now: () => Date
  random: RandomBytes
  log: Log
  /** Prints a line for the person who starts the server; not part of the log. */
  print: (line: string) => void
  /** Timeouts for an EMQX; shorter in tests. */
  emqxTimeouts?: EmqxTimeouts
  /** Cost of password hashes; lower in tests. */
  passwordCost?: PasswordCost
  /** Timeout for an OpenID provider in milliseconds; shorter in tests. */
  providerTimeout?: number
  /** Whether usage is recorded; false only in a benchmark that measures its cost. */
  isRecording?: boolean
}

const PROVIDER_TIMEOUT = 10_000

export type RunningServer = {
  /** Its URL on this machine. */
  readonly url: string
  /** Writes the usage recorded so far, which otherwise happens every few seconds. */
  flush(): Promise<void>
  /**
   * Fails `/readyz` and keeps serving until the load balancer has stopped sending calls, for a few
   * seconds at most. Call it before {@link RunningServer.stop} in production.
   */
  drain(): Promise<void>
  /** Finishes requests in flight, for a bounded time, and closes everything. */
  stop(): Promise<void>
}

/** Starts a server. Rejects with {@link ConfigError} for a setting that can't be used. */
export async function startServer(ports: ServerPorts): Promise<RunningServer> {
  disablePretenuring()
  const { config, now, random, log, emqxTimeouts = DEFAULT_TIMEOUTS } = ports
  const tls = loadTls(config.tls)
  const metrics = createMetrics()
  const { store, encryptionKey } = await openConfiguredStore(config, {
    log,
    now,
    onQuery: (query) => metrics.countQuery(query),
  })
  const counter = new CallCounter(now)
  const onError = (error: unknown) => log.error('Something failed behind an answer', error)
  let server: Server | undefined
  const embeddedPorts = {
    host: config.host,
    httpPort: () => server && listeningPort(server),
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
  const recording = startUsageRecording({ store, now, onError, metrics })
  const { databaseUrl } = config
  const leader = databaseUrl ? advisoryLockLeader(databaseUrl.reveal()) : ALWAYS_LEADER
  let clusterSync: ClusterSync | undefined
  const close = async () => {
    await recording.stop()
    await clusterSync?.stop()
    await backends.closeAll()
    await leader.release()
    await store.close()
  }
  try {
    if (store.isNew && config.samples) {
      await store.transaction(async (parts) => {
        for (const sample of sampleDeployments) {
          await addSample(parts, sample, { createdAt: now(), random })
        }
      })
    }
    await backends.runEmbedded(await leader.tryAcquire())
    await openAll(store, backends)
    if (databaseUrl) {
      const shared = { store, encryptionKey, backends, counter, leader, now, onError, metrics }
      clusterSync = startClusterSync(shared)
    }
    const passwords = createPasswords(ports.passwordCost ?? DEFAULT_PASSWORD_COST)
    const { adminPassword: password } = config
    await addFirstAdministrator({ store, passwords, password, now, print: ports.print })
    const signIn = createSignIn({
      store,
      passwords,
      openId: config.openId,
      origin: config.publicUrl ?? (tls ? 'https://localhost' : 'http://localhost'),
      encryptionKey,
      now,
      onError,
      providerTimeout: ports.providerTimeout ?? PROVIDER_TIMEOUT,
    })
    const { recorder } = recording
    const shutdown = createGracefulShutdown()
    const services = { store, signIn, tls, backends, clusterSync, counter, recorder }
    const parts = { ...services, metrics, shutdown, onError }
    const listener = createServer(ports, parts)
    warnOfExposure(config, log)
    for (const deprecation of config.deprecations) log.warn(deprecation)
    shutdown.watch(listener)
    await listen(listener, config)
    server = listener
    return {
      url: localUrl(listener, config),
      flush: () => recorder.flush(),
      drain: () => shutdown.drain(),
      stop: () => shutdown.close(listener, close),
    }
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
      throw error instanceof Problem ? new ConfigError(error.message) : error
    }
  }
}

/** Warns of what a network that reaches the server can read or use. */
function warnOfExposure({ host, tls, publicUrl }: Config, log: Log): void {
  if (isLoopbackHost(host)) return
  log.warn('Whoever reaches the embedded MQTT brokers may use them: they ask nobody who it is', {
    host,
  })
  if (tls || publicUrl?.startsWith('https:')) return
  log.warn(
    'Passwords and secrets cross the network in the clear: set TLS_CERT_FILE and TLS_KEY_FILE, or PUBLIC_URL to the https address of a proxy in front',
    { host },
  )
}

type Parts = {
  store: Store
  signIn: SignIn
  tls: { cert: Buffer; key: Buffer } | null
  backends: OpenBackends
  /** Set where several servers share the store. */
  clusterSync: ClusterSync | undefined
  counter: CallCounter
  recorder: UsageRecorder
  metrics: Metrics
  shutdown: GracefulShutdown
  onError: (error: unknown) => void
}

const DISCARD_USAGE = { recordCall() {}, recordRefusedCredentials() {} }

function createServer(
  { config, consoleFolder, now, random, log, isRecording = true }: ServerPorts,
  parts: Parts,
): Server {
  const { store, signIn, tls, backends, clusterSync, counter, recorder } = parts
  const { metrics, shutdown, onError } = parts
  const gateway = createGateway({
    findKey: (shown) => metrics.timeLookUp(() => store.apiKeys.findForCall(shown)),
    backendOf: (deploymentId) => backends.get(deploymentId),
    ...clusterSync?.gatewayPorts,
    sha256: (text) => hash('sha256', text, 'hex'),
    now,
    counter,
    recorder: isRecording ? recorder : DISCARD_USAGE,
    onError: (error, requestId) => log.within(requestId, () => onError(error)),
  })
  const addressOf = addressesBehind(config.trustedProxies)
  const requestIdOf = requestIdsBehind(config.trustedProxies)
  const management = createManagementApi({
    store,
    signIn,
    addressOf: clientAddressOf,
    backends,
    calls: clusterSync?.calls ?? counter,
    identifyKey: (request) => identifyKey(gateway, request),
    metrics: () => metrics.page((id) => backends.get(id) !== undefined),
    now,
    random,
    origin: (request) => config.publicUrl ?? new URL(request.url).origin,
    onError,
  })
  const files = loadStaticFiles(consoleFolder)
  if (!files.isBuilt) log.warn('There is no console: build it with npm run build')
  return createListener({
    gateway: createGatewayListener(gateway, { log, addressOf, requestIdOf, metrics }),
    management,
    files,
    broker: (deploymentId) => backends.embedded(deploymentId),
    publicUrl: config.publicUrl,
    isPublic: !isLoopbackHost(config.host),
    tls,
    addressOf,
    log,
    requestIdOf,
    metrics,
    shutdown,
  })
}

/** Authenticates a key like the gateway, with the same tarpit. */
async function identifyKey(gateway: Gateway, request: Request): Promise<KeyIdentity> {
  const headers = Object.fromEntries(request.headers)
  const identity = await gateway.identifyKey({ headers, address: clientAddressOf(request) })
  if (identity.outcome === 'rateLimited') await delay(TARPIT_DELAY_MS)
  return identity
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
      throw new ConfigError(`PORT ${port} is taken on ${host}. Free it, or set another PORT.`)
    }
    throw new ConfigError(`PORT ${port} on HOST ${host} can't be used: ${String(code ?? error)}.`)
  })
}

function listeningPort(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : undefined
}

const ANY_OR_LOOPBACK = new Set(['127.0.0.1', '0.0.0.0', '::'])

function localUrl(server: Server, { host, tls }: Config): string {
  const name = host.includes(':') ? `[${host}]` : host
  const protocol = tls ? 'https' : 'http'
  return `${protocol}://${ANY_OR_LOOPBACK.has(host) ? 'localhost' : name}:${listeningPort(server)}`
}

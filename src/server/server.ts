import { hash } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { DEFAULT_TIMEOUTS, type EmqxTimeouts } from '../backends/emqx/endpoint.ts'
import { Problem } from '../contract/http/problem.ts'
import type { RandomBytes } from '../contract/keys/credentials.ts'
import { createGateway, type Gateway, type KeyIdentity } from '../gateway/gateway.ts'
import { CallCounter } from '../gateway/usage/call-counter.ts'
import type { UsageRecorder } from '../gateway/usage/usage-recorder.ts'
import { addSample, sampleDeployments } from '../management/deployments/samples.ts'
import { createManagementApi } from '../management/management-api.ts'
import type { SignIn } from '../management/ports.ts'
import type { Store } from '../store/store.ts'
import { TARPIT_DELAY_MS } from '../throttle/failed-auth-limiter.ts'
import { BadSetting, type Config } from './config/config.ts'
import { addressesBehind } from './http/client-addresses.ts'
import { clientAddressOf } from './http/fetch-listener.ts'
import { createGatewayListener } from './http/gateway-listener.ts'
import { createGracefulStop, type GracefulStop } from './http/graceful-stop.ts'
import { createListener } from './http/listener.ts'
import { isLoopback } from './http/origins.ts'
import { requestIdsBehind } from './http/request-ids.ts'
import { loadStaticFiles } from './http/static-files.ts'
import { loadTls } from './http/tls.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { OpenBackends } from './runtime/backend-directory.ts'
import { followOthers, type Following } from './runtime/cluster-sync.ts'
import { openEmbedded } from './runtime/embedded-brokers.ts'
import { ONLY_SERVER, ownerByLock } from './runtime/leader-election.ts'
import type { Log } from './runtime/logs.ts'
import { startRecording } from './runtime/recording.ts'
import { keepCallsYoung } from './runtime/v8-flags.ts'
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
  /** Writes a line for the person who starts the server, past the log. */
  print: (line: string) => void
  /** How long to wait for an EMQX; tests wait less. */
  emqxTimeouts?: EmqxTimeouts
  /** What a password's hash costs; tests of other things pay less. */
  passwordCost?: PasswordCost
  /** How long to wait for an OpenID provider, in milliseconds; tests wait less. */
  providerTimeout?: number
  /** Whether use is recorded; only a benchmark, which measures what that costs, goes without. */
  isRecording?: boolean
}

const PROVIDER_TIMEOUT = 10_000

export type RunningServer = {
  /** Where it can be reached on this machine. */
  readonly url: string
  /** Writes what was recorded of calls until now, which otherwise happens every few seconds. */
  flush(): Promise<void>
  /**
   * Tells by `/readyz` that it is about to stop, and goes on answering until no more calls come,
   * or for a few seconds. To be called before {@link RunningServer.stop} where others are served.
   */
  drain(): Promise<void>
  /** Finishes what is under way, for a bounded time, and lets go of everything. */
  stop(): Promise<void>
}

/** Starts a server. Rejects with {@link BadSetting} where a setting is what keeps it from that. */
export async function startServer(ports: ServerPorts): Promise<RunningServer> {
  keepCallsYoung()
  const { config, now, random, log, emqxTimeouts = DEFAULT_TIMEOUTS } = ports
  const tls = loadTls(config.tls)
  const metrics = createMetrics()
  const { store, sealingKey } = await openConfiguredStore(config, {
    log,
    now,
    onQuery: (query) => metrics.countQuery(query),
  })
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
  const recording = startRecording({ store, now, onError, metrics })
  const { databaseUrl } = config
  const owner = databaseUrl ? ownerByLock(databaseUrl.reveal()) : ONLY_SERVER
  let following: Following | undefined
  const close = async () => {
    await recording.stop()
    await following?.stop()
    await backends.closeAll()
    await owner.release()
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
    await backends.runEmbedded(await owner.claim())
    await openAll(store, backends)
    if (databaseUrl) {
      const shared = { store, sealingKey, backends, counter, owner, now, onError, metrics }
      following = followOthers(shared)
    }
    const passwords = createPasswords(ports.passwordCost ?? DEFAULT_PASSWORD_COST)
    const { adminPassword: password } = config
    await addFirstAdministrator({ store, passwords, password, now, print: ports.print })
    const signIn = createSignIn({
      store,
      passwords,
      openId: config.openId,
      origin: config.publicUrl ?? (tls ? 'https://localhost' : 'http://localhost'),
      sealingKey,
      now,
      onError,
      providerTimeout: ports.providerTimeout ?? PROVIDER_TIMEOUT,
    })
    const { recorder } = recording
    const stopping = createGracefulStop()
    const services = { store, signIn, tls, backends, following, counter, recorder }
    const parts = { ...services, metrics, stopping, onError }
    const listener = createServer(ports, parts)
    warnOfNetwork(config, log)
    stopping.watch(listener)
    await listen(listener, config)
    server = listener
    return {
      url: urlOf(listener, config),
      flush: () => recorder.flush(),
      drain: () => stopping.drain(),
      stop: () => stopping.finish(listener, close),
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
      throw error instanceof Problem ? new BadSetting(error.message) : error
    }
  }
}

/** Says what networks that reach the server could read or use. */
function warnOfNetwork({ host, tls, publicUrl }: Config, log: Log): void {
  if (isLoopback(host)) return
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
  /** Where others may use the store as well. */
  following: Following | undefined
  counter: CallCounter
  recorder: UsageRecorder
  metrics: Metrics
  stopping: GracefulStop
  onError: (error: unknown) => void
}

const NO_RECORD = { recordCall() {}, recordRefusedCredentials() {} }

function createServer(
  { config, consoleFolder, now, random, log, isRecording = true }: ServerPorts,
  parts: Parts,
): Server {
  const { store, signIn, tls, backends, following, counter, recorder } = parts
  const { metrics, stopping, onError } = parts
  const gateway = createGateway({
    findKey: (shown) => metrics.timeLookUp(() => store.apiKeys.findForCall(shown)),
    backendOf: (deploymentId) => backends.get(deploymentId),
    ...following?.gatewayPorts,
    sha256: (text) => hash('sha256', text, 'hex'),
    now,
    counter,
    recorder: isRecording ? recorder : NO_RECORD,
    onError: (error, requestId) => log.within(requestId, () => onError(error)),
  })
  const addressOf = addressesBehind(config.trustedProxies)
  const requestIdOf = requestIdsBehind(config.trustedProxies)
  const management = createManagementApi({
    store,
    signIn,
    addressOf: clientAddressOf,
    backends,
    calls: following?.calls ?? counter,
    identifyKey: (request) => identifyShownKey(gateway, request),
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
    isPublic: !isLoopback(config.host),
    tls,
    addressOf,
    log,
    requestIdOf,
    metrics,
    stopping,
  })
}

/** A guesser gets its answer as late as from the gateway. */
async function identifyShownKey(gateway: Gateway, request: Request): Promise<KeyIdentity> {
  const headers = Object.fromEntries(request.headers)
  const identity = await gateway.identifyKey({ headers, address: clientAddressOf(request) })
  if (identity.outcome === 'tooManyGuesses') await delay(TARPIT_DELAY_MS)
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
      throw new BadSetting(`PORT ${port} is taken on ${host}. Free it, or set another PORT.`)
    }
    throw new BadSetting(`PORT ${port} on HOST ${host} can't be used: ${String(code ?? error)}.`)
  })
}

function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : undefined
}

const EVERYWHERE = new Set(['127.0.0.1', '0.0.0.0', '::'])

function urlOf(server: Server, { host, tls }: Config): string {
  const name = host.includes(':') ? `[${host}]` : host
  const protocol = tls ? 'https' : 'http'
  return `${protocol}://${EVERYWHERE.has(host) ? 'localhost' : name}:${portOf(server)}`
}

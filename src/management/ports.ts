import type { Role } from '../contract/accounts/roles.ts'
import type {
  Credentials,
  PasswordChange,
  Session,
  SignInOptions,
} from '../contract/accounts/schemas.ts'
import type { Backend } from '../contract/backend.ts'
import type { Edition } from '../contract/deployments/plans.ts'
import type { Figures } from '../contract/deployments/schemas.ts'
import type { RandomBytes } from '../contract/keys/credentials.ts'
import type { KeyIdentity } from '../contract/keys/key-identity.ts'
import type { BackendRecord, DeploymentRecord } from '../store/deployments.ts'
import type { Store } from '../store/store.ts'

/** The backends of a host, which stay open while their deployments exist. */
export interface BackendDirectory {
  /** The backend of a stored deployment, opened first if necessary. */
  of(deployment: DeploymentRecord): Promise<Backend | undefined>
  /** Probes a backend before it is saved. Throws a `Problem` that names the failing field. */
  probe(edition: Edition, backend: BackendRecord): Promise<void>
  /** Starts serving a stored deployment. Throws a `Problem` if it can't. */
  open(deployment: DeploymentRecord): Promise<void>
  /** Closes a removed deployment's backend and what depends on it. */
  close(deploymentId: string): Promise<void>
}

/** The gateway's counts since this process started. */
export interface CallFigures {
  apiCalls(deploymentId: string): Figures['apiCalls'] | Promise<Figures['apiCalls']>
  lastAllowedAt(deploymentId: string): Date | null
}

/**
 * Authenticates a deployment key by the same checks as the gateway, in whichever deployment it is.
 * May hold back its answer while the caller is rate-limited. Rejects when the store does.
 */
export type IdentifyKey = (request: Request) => Promise<KeyIdentity>

/** The authenticated sender of a request. */
export type Principal = {
  actor: {
    kind: 'user' | 'token' | 'demo'
    id: string
    name: string
    role: Role
  }
  /** The client's address, if the host knows it. */
  address: string | null
}

/** A person's session, as a host finds it for a request. */
export type OpenSession = {
  session: Omit<Session, 'address'>
  /** `Set-Cookie` values for the response, which extend a session in use. */
  cookies: string[]
}

/**
 * How people sign in to a host. Each change is recorded in the audit log in its own transaction.
 * All methods reject when the store does.
 */
export type SignIn = {
  options(): SignInOptions
  /** The valid session of a request, if any. */
  sessionOf(request: Request): Promise<OpenSession | undefined>
  /** Throws a `Problem`: 401 for wrong credentials of any kind, 429 if rate-limited. */
  signIn(request: Request, credentials: Credentials, address: string | null): Promise<OpenSession>
  /** Ends the session of the request. Returns `Set-Cookie` values that delete its cookies. */
  signOut(request: Request, principal: Principal): Promise<string[]>
  /** Ends every session of the caller. */
  signOutEverywhere(request: Request, principal: Principal): Promise<string[]>
  /** Throws a `Problem`: 422 for a wrong current password, 429 if rate-limited. */
  changePassword(request: Request, change: PasswordChange, principal: Principal): Promise<string[]>
  /** The hash to store; null if the host has no sign-in by password. */
  hashPassword(password: string): Promise<string | null>
  /** Redirects the browser to the OpenID provider, or back to the console with an error. */
  startOpenId(request: Request): Promise<Response>
  finishOpenId(request: Request, address: string | null): Promise<Response>
}

/** What the management API needs of its host. */
export type ManagementPorts = {
  store: Store
  signIn: SignIn
  /** The client's address; null if the host can't know it. */
  addressOf: (request: Request) => string | null
  backends: BackendDirectory
  calls: CallFigures
  identifyKey: IdentifyKey
  /** The body of `/metrics`; null if the host has no metrics. */
  metrics: (() => Promise<{ contentType: string; body: string }>) | null
  now: () => Date
  random: RandomBytes
  /** The origin by which the client reaches this host, such as `http://localhost:4080`. */
  origin: (request: Request) => string
  /** Reports an error that the response doesn't show. It never contains a secret. */
  onError: (error: unknown) => void
}

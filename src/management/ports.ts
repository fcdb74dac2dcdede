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

/** The backends of a host, open for as long as their deployments exist. */
export interface BackendDirectory {
  /** The backend of a deployment that is in the store, opened first where it has to be. */
  of(deployment: DeploymentRecord): Promise<Backend | undefined>
  /** Tries a backend before it is saved. Throws a `Problem` naming the field that fails. */
  probe(edition: Edition, backend: BackendRecord): Promise<void>
  /** Starts serving a deployment that is in the store. Throws a `Problem` when it can't. */
  open(deployment: DeploymentRecord): Promise<void>
  /** Ends a removed deployment's backend and what depends on it. */
  close(deploymentId: string): Promise<void>
}

/** What the gateway counted since this process started. */
export interface CallFigures {
  apiCalls(deploymentId: string): Figures['apiCalls'] | Promise<Figures['apiCalls']>
  lastAllowedAt(deploymentId: string): Date | null
}

/**
 * Authenticates a deployment key by the same checks as the gateway, in whichever deployment it is.
 * May hold back its answer while the caller is rate-limited. Rejects when the store does.
 */
export type IdentifyKey = (request: Request) => Promise<KeyIdentity>

/** Who asks, and from where. */
export type Principal = {
  actor: {
    kind: 'user' | 'token' | 'demo'
    id: string
    name: string
    role: Role
  }
  /** The address the request came from, where the host knows one. */
  address: string | null
}

/** A person's session, as a host finds it by a request. */
export type OpenSession = {
  session: Omit<Session, 'address'>
  /** `Set-Cookie` values that go with the answer: they keep a session alive that is in use. */
  cookies: string[]
}

/**
 * How people sign in to a host. Each change is recorded in Activity in its own transaction.
 * Everything rejects when the store does.
 */
export type SignIn = {
  options(): SignInOptions
  /** The session a request brings along, if it is good now. */
  sessionOf(request: Request): Promise<OpenSession | undefined>
  /** Throws a `Problem`: 401 for any wrong credentials, 429 after too many tries. */
  signIn(request: Request, credentials: Credentials, address: string | null): Promise<OpenSession>
  /** Ends the session of the request; gives the cookies that take it from the browser. */
  signOut(request: Request, principal: Principal): Promise<string[]>
  /** Ends every session of the caller. */
  signOutEverywhere(request: Request, principal: Principal): Promise<string[]>
  /** Throws a `Problem`: 422 for a wrong current password, 429 after too many tries. */
  changePassword(request: Request, change: PasswordChange, principal: Principal): Promise<string[]>
  /** What is stored of a password; null where nobody can sign in by one. */
  hashPassword(password: string): Promise<string | null>
  /** Sends the browser to the OpenID provider, or back to the console with an error. */
  startOpenId(request: Request): Promise<Response>
  finishOpenId(request: Request, address: string | null): Promise<Response>
}

/** What the management API needs of its host. */
export type ManagementPorts = {
  store: Store
  signIn: SignIn
  /** The address a request came from; null where the host can't know. */
  addressOf: (request: Request) => string | null
  backends: BackendDirectory
  calls: CallFigures
  identifyKey: IdentifyKey
  /** The figures for `/metrics`; null where a host keeps none. */
  metrics: (() => Promise<{ contentType: string; body: string }>) | null
  now: () => Date
  random: RandomBytes
  /** The origin under which the caller reaches this host, such as `http://localhost:4080`. */
  origin: (request: Request) => string
  /** Told of an error that the answer doesn't show; what it gets never holds a secret. */
  onError: (error: unknown) => void
}

import type { Session } from '../../contract/accounts/schemas.ts'
import { sha256 } from '../../contract/bytes.ts'
import { TOKEN_SECRET } from '../../contract/keys/credentials.ts'
import type { Principal, ManagementPorts } from '../ports.ts'

/** An authenticated sender, their session, and the cookies that extend it. */
export type AuthenticatedRequest = {
  principal: Principal
  session: Session
  cookies: readonly string[]
}

/**
 * Authenticates a request: a person by their session cookie, or an automation token (RFC 6750). If
 * there is an Authorization header, it alone counts. Undefined without valid credentials; rejects
 * when the store does.
 */
export async function authenticate(
  ports: ManagementPorts,
  request: Request,
): Promise<AuthenticatedRequest | undefined> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return authenticateToken(ports, request, authorization)
  const open = await ports.signIn.sessionOf(request)
  if (!open) return undefined
  const { kind, id, name, role } = open.session
  const address = ports.addressOf(request)
  const principal = { actor: { kind, id, name, role }, address }
  return { principal, session: { ...open.session, address }, cookies: open.cookies }
}

async function authenticateToken(
  ports: ManagementPorts,
  request: Request,
  authorization: string,
): Promise<AuthenticatedRequest | undefined> {
  const [, secret = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? []
  if (!TOKEN_SECRET.test(secret)) return undefined
  // Looked up by its hash, so that the time it takes reveals nothing about secrets.
  const token = await ports.store.tokens.findBySecretHash(await sha256(secret))
  const now = ports.now().toISOString()
  if (!token || (token.expiresAt !== null && token.expiresAt <= now)) return undefined
  const { id, name, role, expiresAt } = token
  const minute = `${now.slice(0, 16)}:00.000Z`
  if (token.lastUsedAt !== minute) await noteUse(ports, id, minute)
  const kind = 'token'
  const address = ports.addressOf(request)
  return {
    principal: { actor: { kind, id, name, role }, address },
    session: { kind, id, name, role, hasPassword: false, expiresAt, address },
    cookies: [],
  }
}

/** Tolerates a failed write, so that a read-only store still serves reads. */
async function noteUse({ store, onError }: ManagementPorts, id: string, minute: string) {
  try {
    await store.tokens.noteUse(id, minute)
  } catch (error) {
    onError(error)
  }
}

import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { vi } from 'vitest'
import { z } from 'zod'

export const CLIENT_ID = 'latchkey'
export const CLIENT_SECRET = 'loopback-only-client-s3cret'

const tokensSchema = z.looseObject({
  access_token: z.string(),
  id_token: z.string(),
  refresh_token: z.string().optional(),
})
type Tokens = Partial<z.infer<typeof tokensSchema>>

/** A real OpenID provider on loopback; whoever says a name there is it. */
export type TestProvider = {
  issuer: string
  /** Every token it gave out. */
  tokens: string[]
  /** Changes what its token endpoint answers from now on. */
  tamper(change: (tokens: Tokens) => Tokens): void
  stop(): Promise<void>
}

/** Starts a provider with Latchkey at this origin for its client. */
export async function startTestProvider(
  clientOrigin: string,
  claimsOf: (login: string) => Record<string, unknown> = () => ({}),
  at = 0,
): Promise<TestProvider> {
  // It warns of what is fine in a test: keys in memory, pages to sign in as anybody.
  const silenced = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')]
  for (const spy of silenced) spy.mockImplementation(() => {})
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(at, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${clientOrigin}/api/v1/session/openid/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    findAccount: (_: unknown, login: string) => ({
      accountId: login,
      claims: () => ({ sub: login, name: login, preferred_username: login, ...claimsOf(login) }),
    }),
    cookies: { keys: ['x'.repeat(32)] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  })
  server.on('request', provider.callback())

  const tokens: string[] = []
  let change = (answer: Tokens) => answer
  const send = globalThis.fetch
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await send(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (url !== `${issuer}/token` || !answer.ok) return answer
    const given = tokensSchema.parse(await answer.json())
    const { access_token: access, id_token: id, refresh_token: refresh } = given
    tokens.push(access, id, ...(refresh === undefined ? [] : [refresh]))
    return Response.json(change(given))
  })
  return {
    issuer,
    tokens,
    tamper(by) {
      change = by
    },
    async stop() {
      for (const spy of [fetching, ...silenced]) spy.mockRestore()
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

import type { GatewayAnswer } from '../../gateway/call.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Target } from '../../gateway/target.ts'
import type { CallOutcome } from '../../gateway/usage/call-counter.ts'

/** Answers a call of a Deployment API by the gateway. */
export async function callGateway(
  gateway: Gateway,
  target: Target,
  request: Request,
  address: string,
): Promise<{ response: Response; outcome: CallOutcome }> {
  const body = new Uint8Array(await request.arrayBuffer())
  const answer = await gateway.handle({
    method: request.method,
    target,
    address,
    requestId: crypto.randomUUID(),
    headers: Object.fromEntries(request.headers),
    body: body.byteLength === 0 ? null : once(body),
    signal: request.signal,
  })
  return { response: await toResponse(answer), outcome: answer.outcome }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function toResponse({ status, headers, body }: GatewayAnswer): Promise<Response> {
  const answered = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) answered.append(name, one)
  }
  const bodiless = status === 204 || status === 304
  return new Response(bodiless ? null : await blobOf(body), { status, headers: answered })
}

async function blobOf(body: GatewayAnswer['body']): Promise<Blob | null> {
  if (body === null) return null
  const chunks: BlobPart[] = []
  if (body instanceof Uint8Array) chunks.push(new Uint8Array(body))
  else for await (const chunk of body) chunks.push(new Uint8Array(chunk))
  return new Blob(chunks)
}

import { Problem } from '../../contract/http/problem.ts'

/** The fault that a text asks for, such as `fail:503` or `slow:2000`. */
export type Fault = { status: number | undefined; delay: number }

const DELAY_MAX = 30_000

const details: Record<number, string> = {
  412: 'This was changed since you loaded it, so nothing was saved. Load it again and repeat the change.',
  422: 'Nothing was saved. The demo was asked to refuse this.',
  503: "Nothing was saved: the demo was asked to be unavailable. Leave 'fail:503' out to go on.",
}

/**
 * Reads the sentinels of a text that a user typed: `fail:` and a status from 400 to 599,
 * `slow:` and milliseconds. They work in the demo only.
 */
export function parseSentinels(text: string): Fault {
  const status = /\bfail:([45]\d\d)\b/.exec(text)?.[1]
  const delay = /\bslow:(\d{1,6})\b/.exec(text)?.[1]
  return {
    status: status === undefined ? undefined : Number(status),
    delay: Math.min(Number(delay ?? 0), DELAY_MAX),
  }
}

/** The problem for a requested failure; a 422 names the field of the sentinel. */
export function requestedProblem(status: number, field: string): Problem {
  const detail = details[status] ?? `Nothing was done: the demo was asked to fail with ${status}.`
  const errors = status === 422 ? [{ field, detail: 'The demo was asked to refuse this.' }] : []
  return new Problem(status, detail, errors)
}

/** The texts of a request that can hold sentinels, by field: note, name and search. */
export async function sentinelTexts(request: Request): Promise<[field: string, text: string][]> {
  const search = new URL(request.url).searchParams.get('search')
  const texts: [string, string][] = search === null ? [] : [['search', search]]
  if (request.method !== 'POST' && request.method !== 'PATCH') return texts
  const body = await bodyOf(request)
  for (const field of ['note', 'name'] as const) {
    const text = body[field]
    if (typeof text === 'string') texts.push([field, text])
  }
  return texts
}

async function bodyOf(request: Request): Promise<{ note?: unknown; name?: unknown }> {
  try {
    const body: unknown = await request.clone().json()
    return typeof body === 'object' && body !== null ? body : {}
  } catch {
    return {}
  }
}

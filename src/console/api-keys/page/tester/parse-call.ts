import { planRules } from '../../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../../contract/deployments/schemas.ts'
import { isCurl, parseCurl, testMethods, type TestMethod } from './parse-curl.ts'

/** A call to test: its method, and its raw path below the API base URL. */
export type TestedCall = { method: TestMethod; path: string }

/** A call, or what is wrong with the text in a sentence. */
export type ParseResult = { ok: true; call: TestedCall } | { ok: false; problem: string }

/**
 * Parses what was typed or pasted: a path, a URL or a curl line. The path stays as written; of a
 * curl line only method and path are kept.
 */
export function parseCall(deployment: Deployment, method: TestMethod, text: string): ParseResult {
  if (!isCurl(text)) {
    // "GET /clients" is also a way to write it.
    const [, word, rest] = /^\s*([A-Za-z]+)\s+(\/\S*|https?:\S+)\s*$/.exec(text) ?? []
    if (word === undefined || rest === undefined)
      return resolvePath(deployment, method, text.trim())
    return parseMethod(deployment, word, rest)
  }
  const read = parseCurl(text)
  if (!read) return { ok: false, problem: 'This curl line has no address. Paste all of it.' }
  // For curl, a URL without a scheme is one of HTTP.
  const url = SCHEME.test(read.url) ? read.url : `http://${read.url}`
  return parseMethod(deployment, read.method, url)
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

function parseMethod(deployment: Deployment, word: string, url: string): ParseResult {
  const method = testMethods.find((one) => one === word.toUpperCase())
  if (!method) return { ok: false, problem: `No endpoint takes the method ${word.slice(0, 20)}.` }
  return resolvePath(deployment, method, url)
}

function resolvePath(deployment: Deployment, method: TestMethod, url: string): ParseResult {
  if (url === '')
    return { ok: false, problem: 'Write a path such as /clients, or paste a curl line.' }
  const hasHost = SCHEME.test(url)
  const raw = url.replace(SCHEME, '')
  const absolute = hasHost ? raw.slice(hostEnd(raw)) : raw
  const path = absolute.replace(/[?#].*$/s, '')
  const below = pathBelowBase(deployment, path)
  if (below !== undefined) return { ok: true, call: { method, path: below } }
  if (!hasHost) return { ok: true, call: { method, path } }
  return {
    ok: false,
    problem: `This address isn’t of this deployment, whose API is at ${deployment.apiBaseUrl}.`,
  }
}

function hostEnd(address: string): number {
  const at = address.search(/[/?#]/)
  return at === -1 ? address.length : at
}

/** The path below the API base URL, or below EMQX's own, which older scripts have. */
function pathBelowBase(deployment: Deployment, path: string): string | undefined {
  const bases = [new URL(deployment.apiBaseUrl).pathname, planRules(deployment).apiBasePath]
  const base = bases.find((one) => path.startsWith(`${one}/`))
  return base === undefined ? undefined : path.slice(base.length)
}

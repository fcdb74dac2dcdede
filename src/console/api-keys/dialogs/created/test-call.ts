import { basicAuthorization } from '../../../../contract/keys/credentials.ts'
import { fillPath, hasParameters, type TestPlan } from './sample-operation.ts'
import type { Credentials } from './snippets.ts'

/** The result of a test call. */
export type TestResult = {
  outcome: 'works' | 'inconclusive' | 'refused'
  /** What the response means for the key, in a sentence. */
  verdict: string
  /** The HTTP status, if there was a response. */
  status?: number
  /** The start of the response body. */
  body?: string
}

const BODY_SHOWN_MAX = 400
const TEST_TIMEOUT_MS = 15_000

/** The path of a test call; parameters get a name that nothing is likely to have. */
export function testPath({ operation }: TestPlan): string {
  return fillPath(operation.path, () => 'latchkey-test')
}

/** Says what the status of a test call means for the key. */
export function interpretStatus(
  plan: TestPlan,
  status: number,
): Pick<TestResult, 'outcome' | 'verdict'> {
  if (status === 401) {
    return {
      outcome: 'refused',
      verdict: 'The deployment doesn’t accept this key. Was it deleted?',
    }
  }
  if (status === 403) {
    return plan.expects === 'refusal'
      ? {
          outcome: 'works',
          verdict: 'The secret is right: the call was refused only for its missing permission.',
        }
      : {
          outcome: 'inconclusive',
          verdict: 'The secret is right, but the key may not make this call now.',
        }
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      outcome: 'inconclusive',
      verdict: 'The secret is right, but the deployment doesn’t answer. Check its status.',
    }
  }
  if (status === 501) {
    return {
      outcome: 'works',
      verdict: 'The key works; this deployment’s backend doesn’t offer the operation.',
    }
  }
  if (status === 404 && hasParameters(plan.operation)) {
    return { outcome: 'works', verdict: 'The key works; nothing has the name the test asked for.' }
  }
  if (status < 400) return { outcome: 'works', verdict: 'The key works.' }
  return { outcome: 'inconclusive', verdict: 'The deployment answered with an error.' }
}

/** Reads the first characters of a body and cancels the rest. */
async function readBodyStart(response: Response): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.length <= BODY_SHOWN_MAX) {
    const { done, value } = await reader.read()
    if (done) return text.trim()
    text += value
  }
  await reader.cancel()
  return `${text.slice(0, BODY_SHOWN_MAX)}…`
}

/**
 * Calls the deployment's API through the gateway with the new key. The request sends no cookie and
 * isn't cached; with `credentials: 'omit'` the browser neither stores the key nor prompts on 401.
 * Never throws.
 */
export async function callWithKey(
  plan: TestPlan,
  { appId, appSecret, apiBaseUrl }: Credentials,
  fetchLike: typeof fetch = fetch,
): Promise<TestResult> {
  try {
    const response = await fetchLike(`${apiBaseUrl}${testPath(plan)}`, {
      headers: { authorization: basicAuthorization(appId, appSecret) },
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
    })
    const { status } = response
    return { ...interpretStatus(plan, status), status, body: await readBodyStart(response) }
  } catch {
    return {
      outcome: 'inconclusive',
      verdict: 'No answer came from the API base URL. Check that this browser can reach it.',
    }
  }
}

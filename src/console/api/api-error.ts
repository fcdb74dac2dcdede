import type { FieldError } from '../../contract/http/problem.ts'

/** Every failure of the management API, in words for people. */
export class ApiError extends Error {
  /** 0 when no answer came. */
  readonly status: number
  readonly fieldErrors: readonly FieldError[]
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    message: string,
    fieldErrors: readonly FieldError[] = [],
    retryAfter?: number,
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.fieldErrors = fieldErrors
    this.retryAfter = retryAfter
  }

  /** Nobody is signed in, or the session has ended. */
  get isSignedOut(): boolean {
    return this.status === 401
  }

  /** The role isn't enough. */
  get isForbidden(): boolean {
    return this.status === 403
  }

  /** Someone else changed what this was based on. */
  get isStale(): boolean {
    return this.status === 412
  }

  get isNotFound(): boolean {
    return this.status === 404
  }
}

/** The error of an answer that isn't 2xx: its problem details, or what can be said without them. */
export async function readApiError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('detail' in body)) {
    return new ApiError(
      response.status,
      `Something between this page and Latchkey answered with status ${response.status}. Try again, or look at what stands in front of the server.`,
    )
  }
  const errors = 'errors' in body && Array.isArray(body.errors) ? body.errors : []
  return new ApiError(
    response.status,
    String(body.detail),
    errors.filter(isFieldError),
    secondsOf(response.headers.get('retry-after')),
  )
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined
}

/** The error for anything thrown on the way to an answer. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  // fetch throws a TypeError when no answer arrives, json() a SyntaxError when it isn't one.
  if (thrown instanceof SyntaxError) {
    return new ApiError(
      0,
      'What answered isn’t Latchkey’s API. Look at what stands in front of the server.',
    )
  }
  // An answer that breaks the contract is a mistake of ours and shall look like one.
  if (!(thrown instanceof TypeError)) throw thrown
  return new ApiError(0, 'Latchkey can’t be reached. Check that it runs and the network is up.')
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'field' in value &&
    typeof value.field === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string'
  )
}

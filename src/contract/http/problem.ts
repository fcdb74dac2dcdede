/** An invalid field of a request: its path (`access.operations`) and what is wrong with it. */
export type FieldError = { field: string; detail: string }

/** The body of every error of the management API (RFC 9457, `application/problem+json`). */
export type ProblemDetails = {
  type: 'about:blank'
  title: string
  status: number
  /** What failed, why, and what to do, in one or two sentences for people. */
  detail: string
  errors?: FieldError[]
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Sign-in needed',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed in the meantime',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Some fields need a change',
  428: 'Version required',
  429: 'Too many tries',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Unavailable',
  504: 'Gateway timeout',
  507: 'Disk full',
}

/** An error for the client. The management API turns it into a problem details response. */
export class Problem extends Error {
  readonly status: number
  readonly errors: FieldError[]
  /** Seconds for `Retry-After`, if known. */
  readonly retryAfter: number | undefined

  constructor(status: number, detail: string, errors: FieldError[] = [], retryAfter?: number) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.errors = errors
    this.retryAfter = retryAfter
  }

  toJSON(): ProblemDetails {
    return {
      type: 'about:blank',
      title: titles[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
    }
  }
}

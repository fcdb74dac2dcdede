import { AsyncLocalStorage } from 'node:async_hooks'

/** From the most to the least talkative. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

type Fields = Record<string, string | number | boolean | null>

/**
 * Structured logs: a JSON object a line. Never give it a secret, a header or a query. Secrets of
 * the settings are a `Secret`, which shows itself to nobody; what else looks like one, such as in
 * the message of an error from elsewhere, is taken out.
 */
export type Log = {
  readonly isDebug: boolean
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, error: unknown, fields?: Fields): void
  /** Everything logged by what runs inside carries this request id. */
  within<Result>(requestId: string, run: () => Result): Result
}

/** @param write takes one line, with its line break */
export function createLog(
  level: LogLevel,
  { write, now }: { write: (line: string) => void; now: () => Date },
): Log {
  const requests = new AsyncLocalStorage<string>()
  const lowest = logLevels.indexOf(level)

  function put(at: LogLevel, message: string, fields: Fields = {}): void {
    if (logLevels.indexOf(at) < lowest) return
    const requestId = requests.getStore()
    const line = {
      time: now().toISOString(),
      level: at,
      message,
      ...(requestId !== undefined && { requestId }),
      ...fields,
    }
    write(`${withoutSecrets(JSON.stringify(line))}\n`)
  }

  return {
    isDebug: lowest === 0,
    debug: (message, fields) => put('debug', message, fields),
    info: (message, fields) => put('info', message, fields),
    warn: (message, fields) => put('warn', message, fields),
    error: (message, error, fields) => put('error', message, { ...fields, ...describe(error) }),
    within: (requestId, run) => requests.run(requestId, run),
  }
}

// Name, message and stack alone: other members of an error may hold headers or credentials.
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: String(error) }
  return { error: `${error.name}: ${error.message}`, stack: error.stack ?? null }
}

const SECRETS: readonly [RegExp, string][] = [
  // App Secrets and automation tokens.
  [/\blk[st]_[0-9A-Za-z]{8,}/g, '[secret]'],
  [/\b(basic|bearer|digest) +[\w+/=.~-]{8,}/gi, '$1 [secret]'],
  [
    /\b(authorization|cookie|set-cookie)(\\?["']?\s*[:=]\s*)(?!\[secret\])(?:\\.|[^"\\])+/gi,
    '$1$2[secret]',
  ],
  [/\b(latchkey-(?:session|state)=)[^;"\s\\]+/g, '$1[secret]'],
]

function withoutSecrets(line: string): string {
  return SECRETS.reduce((text, [pattern, shown]) => text.replace(pattern, shown), line)
}

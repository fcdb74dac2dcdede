import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import type { LogLevel } from '../config/config.ts'

type Fields = Record<string, string | number | boolean | null>

/**
 * Structured logs: one JSON object per line. Don't pass secrets, headers or queries. As a second
 * line of defence, fields with a secret's name and text that looks like a secret are redacted.
 */
export type Log = {
  readonly isDebug: boolean
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, error: unknown, fields?: Fields): void
  /** Adds the request id to whatever is logged inside. */
  within<Result>(requestId: string, run: () => Result): Result
}

const REDACTED = '[secret]'
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'appSecret', 'token']

/**
 * Makes a log on pino.
 *
 * @param write takes one line with its line break
 */
export function createLog(
  level: LogLevel,
  { write, now }: { write: (line: string) => void; now: () => Date },
): Log {
  const requests = new AsyncLocalStorage<string>()
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const requestId = requests.getStore()
        return requestId === undefined ? {} : { requestId }
      },
      redact: { paths: SECRET_FIELDS, censor: REDACTED },
      hooks: { streamWrite: redactText },
    },
    { write },
  )

  return {
    isDebug: logger.isLevelEnabled('debug'),
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, error, fields) => logger.error({ ...fields, ...describe(error) }, message),
    within: (requestId, run) => requests.run(requestId, run),
  }
}

// Name, message and stack only: other members of an error can hold headers or credentials.
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: String(error) }
  return { error: `${error.name}: ${error.message}`, stack: error.stack ?? null }
}

// Redaction by field can't see into texts, such as messages of errors from libraries.
const SECRET_TEXTS: readonly [RegExp, string][] = [
  // App Secrets and automation tokens.
  [/\blk[st]_[0-9A-Za-z]{8,}/g, REDACTED],
  [/\b(basic|bearer|digest) +[\w+/=.~-]{8,}/gi, '$1 [secret]'],
  [
    /\b(authorization|cookie|set-cookie)(\\?["']?\s*[:=]\s*)(?!\[secret\])(?:\\.|[^"\\])+/gi,
    '$1$2[secret]',
  ],
  [/\b(latchkey-(?:session|state)=)[^;"\s\\]+/g, '$1[secret]'],
  // User and password of a URL.
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"\\]+@/gi, '$1[secret]@'],
]

function redactText(line: string): string {
  return SECRET_TEXTS.reduce((text, [pattern, shown]) => text.replace(pattern, shown), line)
}

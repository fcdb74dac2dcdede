import { isScenarioName, type ScenarioName } from '../world/scenario-names.ts'

/**
 * A demo session: all that the worker needs to recreate it. The page makes it and sends it with
 * every request, so the worker itself can be stateless.
 */
export type Session = {
  id: string
  scenario: ScenarioName
  /** Makes ids and secrets deterministic; null for random ones. */
  seed: string | null
  /** When the session started by the machine's clock, in milliseconds since 1970. */
  startedAt: number
  /** What the session's clock showed then; differs from `startedAt` with `?now=`. */
  clockStart: number
}

/** The request header that carries the session. */
export const SESSION_HEADER = 'x-latchkey-demo-session'

/** Name of the lock (Web Locks) that every open tab of a session holds. */
export function tabLockName(sessionId: string): string {
  return `latchkey-demo/${sessionId}`
}

/** Reads a session that {@link writeSession} wrote; undefined where it isn't one. */
export function readSession(text: string | null): Session | undefined {
  const [id = '', scenario = '', seed = '', startedAt, clockStart] = (text ?? '').split(';')
  const [started, clock] = [Number(startedAt), Number(clockStart)]
  if (!/^[0-9a-f-]{36}$/.test(id) || !isScenarioName(scenario)) return undefined
  if (!Number.isSafeInteger(started) || !Number.isSafeInteger(clock)) return undefined
  return {
    id,
    scenario,
    seed: seed === '' ? null : decodeURIComponent(seed),
    startedAt: started,
    clockStart: clock,
  }
}

export function writeSession({ id, scenario, seed, startedAt, clockStart }: Session): string {
  return [id, scenario, encodeURIComponent(seed ?? ''), startedAt, clockStart].join(';')
}

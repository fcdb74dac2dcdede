import { isScenarioName, type ScenarioName } from '../world/scenario-names.ts'

/**
 * What a demo session is: all that the worker needs to make it again from nothing. The page
 * makes it and sends it along with every request, so that the worker may forget it.
 */
export type Session = {
  id: string
  scenario: ScenarioName
  /** With a seed, ids and secrets come in the same order each time; without, they are random. */
  seed: string | null
  /** When the session began, by the machine's clock, in milliseconds since 1970. */
  startedAt: number
  /** What its own clock showed then; the same as `startedAt` unless the address says else. */
  clockStart: number
}

/** The request header that carries the session. */
export const SESSION_HEADER = 'x-latchkey-demo-session'

/** The name of the lock (Web Locks) that every tab of a session holds for as long as it is open. */
export function tabLockOf(sessionId: string): string {
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

import { isScenarioName, type ScenarioName } from '../world/scenario-names.ts'
import { readSession, writeSession, type Session } from './session.ts'

const KEY = 'latchkey-demo-session'

/** What the page's address asks for: `?scenario=`, `?seed=` and `?now=`. */
type Wanted = {
  scenario: ScenarioName | undefined
  seed: string | undefined
  now: number | undefined
  /** The value of `?scenario=` that names no scenario. */
  unknown: string | undefined
}

export type PageSession = { session: Session; unknownScenario: string | undefined }

function wantedBy(query: URLSearchParams): Wanted {
  const name = query.get('scenario')
  const isKnown = name !== null && isScenarioName(name)
  const now = Date.parse(query.get('now') ?? '')
  return {
    scenario: name === null ? undefined : isKnown ? name : 'default',
    seed: query.get('seed') ?? undefined,
    now: Number.isNaN(now) ? undefined : now,
    unknown: name === null || isKnown ? undefined : name,
  }
}

/** Whether a session fits what the address asks for, if anything. */
function isWanted({ scenario, seed, clockStart }: Session, wanted: Wanted): boolean {
  return (
    (wanted.scenario ?? scenario) === scenario &&
    (wanted.seed ?? seed) === seed &&
    (wanted.now ?? clockStart) === clockStart
  )
}

/** Starts a session and stores it in the tab. */
export function newSession(
  storage: Storage,
  clock: () => number,
  {
    scenario = 'default',
    seed = null,
    now,
  }: {
    scenario?: ScenarioName | undefined
    seed?: string | null | undefined
    now?: number | undefined
  },
): Session {
  const startedAt = clock()
  const id = crypto.randomUUID()
  const session = { id, scenario, seed, startedAt, clockStart: now ?? startedAt }
  storage.setItem(KEY, writeSession(session))
  return session
}

/**
 * The session of this tab: the one it has, or a new one where the address asks for another
 * scenario, seed or time. Throws where the browser gives the tab no storage.
 */
export function sessionOfPage(
  query: URLSearchParams,
  storage: Storage,
  clock: () => number,
): PageSession {
  const wanted = wantedBy(query)
  const before = readSession(storage.getItem(KEY))
  const session = before && isWanted(before, wanted) ? before : newSession(storage, clock, wanted)
  return { session, unknownScenario: wanted.unknown }
}

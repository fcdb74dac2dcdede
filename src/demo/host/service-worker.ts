import initialise, { type Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { Problem } from '../../contract/http/problem.ts'
import { problemResponse } from '../../management/http/problem-responses.ts'
import { isServerPath } from './addresses.ts'
import { openSessionHost, type SessionChange, type SessionHost } from './session-host.ts'
import { openSessionStorage, type SessionStorage } from './session-storage.ts'
import { readSession, SESSION_HEADER, tabLockName, type Session } from './session.ts'

declare const self: ServiceWorkerGlobalScope

// Sessions with an open database; a browser rarely shows more tabs of the demo at a time.
const OPEN_SESSIONS = 3

const clock = () => Date.now()
const onError = (error: unknown) => reportError(error)

// SQLite warns of optional browser features that the demo doesn't use.
Object.assign(self, { sqlite3ApiConfig: { warn: () => {} } })

/** Memoises a promise until it rejects. */
function once<Result>(act: () => Promise<Result>): () => Promise<Result> {
  let acting: Promise<Result> | undefined
  return async () => {
    acting ??= act()
    try {
      return await acting
    } catch (error) {
      acting = undefined
      throw error
    }
  }
}

const sqlite: () => Promise<Sqlite3> = once(() => initialise({}))
const storage: () => Promise<SessionStorage> = once(() => openSessionStorage(indexedDB, clock))
const hosts = new Map<string, () => Promise<SessionHost>>()

async function open(session: Session): Promise<SessionHost> {
  const [engine, persisted] = await Promise.all([sqlite(), storage()])
  const ports = {
    sqlite: engine,
    session,
    persist: (change: SessionChange) => persisted.persist(session, change),
    clock,
    wait,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    onError,
  }
  const before = await persisted.load(session.id)
  try {
    return await openSessionHost({ ...ports, persisted: before })
  } catch (error) {
    if (!before) throw error
    onError(error)
    return openSessionHost({ ...ports, persisted: undefined })
  } finally {
    if (!before) await persisted.prune(await sessionsOfTabs())
  }
}

/** Whether each session is open in a tab. */
async function sessionsOfTabs(): Promise<(id: string) => boolean> {
  const { held = [] } = await navigator.locks.query()
  const names = new Set(held.map(({ name }) => name))
  return (id) => names.has(tabLockName(id))
}

async function hostOf(session: Session): Promise<SessionHost> {
  const opened = hosts.get(session.id) ?? once(() => open(session))
  // A map keeps insertion order: the last entry is the most recently used.
  hosts.delete(session.id)
  hosts.set(session.id, opened)
  for (const [id, old] of [...hosts].slice(0, -OPEN_SESSIONS)) {
    hosts.delete(id)
    void old().then((host) => host.close(), onError)
  }
  return opened()
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0 || signal.aborted) return
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Answers as a server would. An address opened in a tab sends no session of its own. */
async function answer(request: Request): Promise<Response> {
  try {
    const session =
      readSession(request.headers.get(SESSION_HEADER)) ?? (await (await storage()).latest())
    if (!session) return problemResponse(new Problem(404, 'Open the demo itself first.'))
    return await (await hostOf(session)).answer(request)
  } catch (error) {
    onError(error)
    const detail = "The demo can't work in this browser: its database or storage failed."
    return problemResponse(new Problem(503, `${detail} Load the page again, or reset the demo.`))
  }
}

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
// A page that bypassed the worker, as by a forced reload, asks to be claimed.
self.addEventListener('message', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin) return
  if (isServerPath(pathname)) {
    event.respondWith(answer(request))
  } else if (request.mode === 'navigate' && !pathname.includes('.')) {
    // Deep links work on static hosts too.
    event.respondWith(fetch(self.registration.scope))
  }
})

// A page is about to make a request: load the engine early.
sqlite().catch(onError)

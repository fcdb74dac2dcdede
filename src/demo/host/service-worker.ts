import initialise, { type Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { Problem } from '../../contract/http/problem.ts'
import { problemResponse } from '../../management/respond.ts'
import { isAnsweredPath } from './addresses.ts'
import { openSessionHost, type SessionChange, type SessionHost } from './session-host.ts'
import { openSessionStorage, type SessionStorage } from './session-storage.ts'
import { readSession, SESSION_HEADER, tabLockOf, type Session } from './session.ts'

declare const self: ServiceWorkerGlobalScope

// Sessions with an open database; a browser rarely shows more tabs of the demo at a time.
const OPEN_SESSIONS = 3

const clock = () => Date.now()
const onError = (error: unknown) => reportError(error)

// SQLite warns of what it would like to have and we don't use.
Object.assign(self, { sqlite3ApiConfig: { warn: () => {} } })

/** Does something once, and again only after it failed. */
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
  const [engine, kept] = await Promise.all([sqlite(), storage()])
  const ports = {
    sqlite: engine,
    session,
    keep: (change: SessionChange) => kept.keep(session, change),
    clock,
    wait,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    onError,
  }
  const before = await kept.load(session.id)
  try {
    return await openSessionHost({ ...ports, kept: before })
  } catch (error) {
    if (!before) throw error
    onError(error)
    return openSessionHost({ ...ports, kept: undefined })
  } finally {
    if (!before) await kept.prune(await sessionsOfTabs())
  }
}

/** Tells of a session whether a tab is open that shows it. */
async function sessionsOfTabs(): Promise<(id: string) => boolean> {
  const { held = [] } = await navigator.locks.query()
  const names = new Set(held.map(({ name }) => name))
  return (id) => names.has(tabLockOf(id))
}

async function hostOf(session: Session): Promise<SessionHost> {
  const opened = hosts.get(session.id) ?? once(() => open(session))
  // The last one in the map is the one used last.
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

/** Answers what a server of Latchkey would. An address opened in a tab has no session of its own. */
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
// A page loaded past the worker, as by a forced reload, asks to be taken in.
self.addEventListener('message', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin) return
  if (isAnsweredPath(pathname)) {
    event.respondWith(answer(request))
  } else if (request.mode === 'navigate' && !pathname.includes('.')) {
    // Deep links are the console's, on hosts that don't know it as well.
    event.respondWith(fetch(self.registration.scope))
  }
})

// The worker has started because a page is about to ask: the engine can load meanwhile.
sqlite().catch(onError)

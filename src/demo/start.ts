import { isServerPath } from './host/addresses.ts'
import { showBanner } from './host/banner.ts'
import { describeFailure, showFailure } from './host/failure-page.ts'
import { newSession, sessionOfPage } from './host/page-session.ts'
import workerAddress from './host/service-worker.ts?worker&url'
import { SESSION_HEADER, tabLockName, writeSession, type Session } from './host/session.ts'
import styles from './host/demo.css?inline'

const clock = () => Date.now()

/**
 * Turns the page into the demo: shows the banner, starts the worker, and has every request
 * that a server would answer wait for it. Where the demo can't start, the page says why.
 */
export function startDemo(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styles)
  document.adoptedStyleSheets.push(sheet)
  try {
    const query = new URLSearchParams(location.search)
    const { session, unknownScenario } = sessionOfPage(query, sessionStorage, clock)
    holdTabLock(session)
    showBanner({ scenario: session.scenario, unknownScenario, onReset: () => reset(session) })
    const controlled = startWorker()
    sendThroughWorker(session, controlled)
    controlled.catch((error: unknown) => showFailure(describeFailure(error)))
  } catch (error) {
    showFailure(describeFailure(error))
  }
}

/** Tells the worker, whichever runs then, not to forget the session while this tab is open. */
function holdTabLock({ id }: Session): void {
  const untilTheTabGoes = new Promise<never>(() => {})
  void navigator.locks.request(tabLockName(id), { mode: 'shared' }, () => untilTheTabGoes)
}

function reset({ scenario, seed }: Session): void {
  newSession(sessionStorage, clock, { scenario, seed })
  location.assign(import.meta.env.BASE_URL)
}

/** Resolves when the worker answers for this page. */
async function startWorker(): Promise<void> {
  const { serviceWorker } = navigator
  if (!serviceWorker.controller) await firstPaint()
  await serviceWorker.register(workerAddress, { updateViaCache: 'none' })
  if (serviceWorker.controller) return
  const controlled = new Promise<void>((resolve) => {
    serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })
  const { active } = await serviceWorker.ready
  active?.postMessage('claim')
  return controlled
}

/** The worker's first start waits for this, so that it takes nothing from what the page shows. */
async function firstPaint(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => {
      addEventListener('load', resolve, { once: true })
    })
  }
  // A tab in the background draws nothing.
  if (document.hidden) return
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve))
  })
}

function sendThroughWorker(session: Session, controlled: Promise<void>): void {
  const send = window.fetch.bind(window)
  window.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { origin, pathname } = new URL(request.url)
    if (origin !== location.origin || !isServerPath(pathname)) return send(request)
    await controlled
    request.headers.set(SESSION_HEADER, writeSession(session))
    return send(request)
  }
}

/** Why the demo can't start and what to do about it, in one sentence each. */
export type Failure = { why: string; wayOut: string }

/** What an error of the start means to the person in front of the page. */
export function describeFailure(error: unknown): Failure {
  if (!isSecureContext) {
    return {
      why: 'It runs in a service worker, which browsers allow over HTTPS and on localhost only.',
      wayOut: `Open it by https:// instead of ${location.origin}, or on the machine that serves it as http://localhost.`,
    }
  }
  if (!('serviceWorker' in navigator)) {
    return {
      why: 'It runs in a service worker, and this window has none: browsers leave them out of some private windows.',
      wayOut: 'Open it in an ordinary window, or in another browser.',
    }
  }
  const reason = error instanceof Error ? ` (${error.message})` : ''
  return {
    why: `The browser refused it a service worker or storage${reason}.`,
    wayOut:
      'Allow this site to store data, or open it in an ordinary window, and load the page again.',
  }
}

/** Shows, instead of the console, that the demo can't start. */
export function showFailure({ why, wayOut }: Failure): void {
  const page = document.createElement('main')
  page.className = 'demo-failure'
  const title = document.createElement('h1')
  title.textContent = 'The demo can’t start here'
  const texts = [
    why,
    wayOut,
    'Or start Latchkey itself: it runs as a server, with no such needs.',
  ].map((text) => {
    const paragraph = document.createElement('p')
    paragraph.textContent = text
    return paragraph
  })
  page.append(title, ...texts)
  document.body.replaceChildren(page)
}

type Kept = { value: string; path: string }

/**
 * As much of a browser as signing in by redirects takes: it keeps each site's cookies, goes
 * where it is sent and fills in the provider's pages. `sites` leads origins to where they run.
 */
export class TestBrowser {
  readonly #sites: Record<string, string>
  readonly #cookies = new Map<string, Map<string, Kept>>()

  constructor(sites: Record<string, string>) {
    this.#sites = sites
  }

  cookies(origin: string): Map<string, Kept> {
    const known = this.#cookies.get(origin) ?? new Map<string, Kept>()
    this.#cookies.set(origin, known)
    return known
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin, pathname } = new URL(url)
    const cookies = this.cookies(origin)
    const sent = [...cookies].filter(([, { path }]) => pathname.startsWith(path))
    const headers = new Headers(init.headers)
    if (sent.length > 0) {
      headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '))
    }
    const at = url.replace(origin, this.#sites[origin] ?? origin)
    const answer = await fetch(at, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/'
      const until = /;\s*expires=([^;]+)/i.exec(line)?.[1]
      const isGone = /;\s*max-age=0(?:;|$)/i.test(line) || (until && new Date(until) < new Date())
      if (isGone) cookies.delete(name)
      else cookies.set(name, { value, path })
    }
    return answer
  }

  /** Goes on from an address, signs in under a name and consents, until `isEnd` says so. */
  async goOn(from: string, login: string, isEnd: (url: string) => boolean): Promise<string> {
    let url = from
    for (let step = 0; step < 20 && !isEnd(url); step += 1) {
      let answer = await this.fetch(url)
      if (answer.status === 200) {
        const page = await answer.text()
        const action = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', url).href
        const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? ''
        const body = new URLSearchParams({ prompt, login, password: 'any' })
        answer = await this.fetch(action, { method: 'POST', body })
      }
      const next = answer.headers.get('location')
      if (next === null) throw new Error(`${url} answered ${answer.status}`)
      url = new URL(next, url).href
    }
    return url
  }
}

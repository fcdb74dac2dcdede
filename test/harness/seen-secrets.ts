/** Every secret that went over the wire in a test, to be looked for where none may be. */
export type SeenSecrets = {
  /** Takes note of the passwords and secrets that a request sends. */
  ofRequest(json: unknown): void
  /** Takes note of the secrets and the session that an answer brings. */
  ofAnswer(answer: Response): Promise<void>
  /** The first of these lines that holds one of them. */
  findIn(lines: readonly string[]): string | undefined
}

const SECRET_FIELD = /password|secret/i
// What is shorter may be a word that stands in a log for other reasons.
const SHORTEST = 12

export function seeSecrets(): SeenSecrets {
  const secrets = new Set<string>()

  function look(value: unknown, name = ''): void {
    if (typeof value === 'string') {
      if (SECRET_FIELD.test(name) && value.length >= SHORTEST) secrets.add(value)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) look(inner, key)
    }
  }

  return {
    ofRequest: (json) => look(json),
    async ofAnswer(answer) {
      for (const cookie of answer.headers.getSetCookie()) {
        const [, value = ''] = /^(?:__Host-)?latchkey-session=([^;]+)/.exec(cookie) ?? []
        if (value !== '') secrets.add(value)
      }
      if (answer.headers.get('content-type') !== 'application/json') return
      for (const [secret] of (await answer.clone().text()).matchAll(/lk[st]_[0-9A-Za-z]{40}/g)) {
        secrets.add(secret)
      }
    },
    findIn: (lines) => lines.find((line) => [...secrets].some((secret) => line.includes(secret))),
  }
}

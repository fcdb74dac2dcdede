const SHOWN = '[secret]'

/** A text that printing, joining and serialising don't reveal; only {@link reveal} does. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  /** For Node's `inspect`, and so for `console.log`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN
  }
}

const SHOWN = '[secret]'

/** A text that shows itself to nobody who prints, joins or serialises it; see {@link reveal}. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text, for the one place that needs it. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  /** What Node's `inspect` shows, and with it its console. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN
  }
}

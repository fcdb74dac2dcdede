import { characters } from '../../contract/http/limits.ts'

/** How long a text is of how long it may be: "12 / 60". */
export function lengthCounter(text: string, max: number): string {
  return `${characters(text)} / ${max}`
}

/** What is wrong with a text that is too long; spaces at its ends go before it is sent. */
export function lengthError(text: string, max: number): string | undefined {
  return characters(text.trim()) > max ? `Use at most ${max} characters.` : undefined
}

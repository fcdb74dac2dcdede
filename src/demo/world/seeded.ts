import type { RandomBytes } from '../../contract/keys/credentials.ts'

/** A number from a text, spread evenly over 32 bits (FNV-1a with a final mix). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return mix(hash)
}

function mix(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A number from 0 up to, not including, 1 that a text always gives. */
export function fractionOf(text: string): number {
  return hashText(text) / 2 ** 32
}

/** Numbers as of {@link fractionOf}, one after the other, that a text always gives. */
export function fractionsOf(text: string): () => number {
  const start = hashText(text)
  let at = 0
  return () => {
    at += 1
    return draw(start, at) / 2 ** 32
  }
}

function draw(start: number, at: number): number {
  return mix(start + Math.imul(at, 0x9e3779b9))
}

/**
 * Bytes that look random and always come in the same order. `drawn` is how many have been
 * taken so far, by which a later one goes on where an earlier one stopped.
 */
export type SeededBytes = { random: RandomBytes; drawn(): number }

/** Not for secrets: whoever knows the seed knows the bytes. */
export function seededBytes(seed: string, drawn = 0): SeededBytes {
  const start = hashText(seed)
  let at = drawn
  return {
    drawn: () => at,
    random: (length) => Uint8Array.from({ length }, () => draw(start, at++) & 255),
  }
}

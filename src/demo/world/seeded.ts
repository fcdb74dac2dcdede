import type { RandomBytes } from '../../contract/keys/credentials.ts'

/** Hashes a text to an evenly distributed 32-bit number (FNV-1a with a final mix). */
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

/** Hashes a text to a number from 0 to 1 (exclusive). */
export function hashToFraction(text: string): number {
  return hashText(text) / 2 ** 32
}

/** A seeded sequence of numbers from 0 to 1 (exclusive). */
export function seededFractions(text: string): () => number {
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

/** A seeded sequence of bytes. `drawn` counts those taken, so that a later one can resume there. */
export type SeededBytes = { random: RandomBytes; drawn(): number }

/** Makes a seeded sequence of bytes. Not for secrets: the seed determines them. */
export function seededBytes(seed: string, drawn = 0): SeededBytes {
  const start = hashText(seed)
  let at = drawn
  return {
    drawn: () => at,
    random: (length) => Uint8Array.from({ length }, () => draw(start, at++) & 255),
  }
}

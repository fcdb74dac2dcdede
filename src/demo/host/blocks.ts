/** Part of a database file, at `index` times {@link BLOCK_SIZE}. */
export type Block = { index: number; bytes: Uint8Array<ArrayBuffer> }

/** Bytes: four of SQLite's pages. A change touches about a dozen scattered blocks. */
export const BLOCK_SIZE = 16_384

/** Copies the blocks of a file that differ from an earlier state. */
export function changedBlocks(file: Uint8Array, before: Uint8Array): Block[] {
  const changed: Block[] = []
  for (let index = 0; index * BLOCK_SIZE < file.length; index += 1) {
    const [start, end] = [index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE]
    const bytes = file.subarray(start, end)
    if (!isSame(bytes, before.subarray(start, end))) {
      changed.push({ index, bytes: new Uint8Array(bytes) })
    }
  }
  return changed
}

/** Applies blocks to a file, in place where its size allows. */
export function applyBlocks(
  before: Uint8Array<ArrayBuffer>,
  blocks: readonly Block[],
): Uint8Array<ArrayBuffer> {
  const ends = blocks.map(({ index, bytes }) => index * BLOCK_SIZE + bytes.length)
  const size = Math.max(before.length, ...ends)
  let file = before
  if (size > before.length) {
    file = new Uint8Array(size)
    file.set(before)
  }
  for (const { index, bytes } of blocks) file.set(bytes, index * BLOCK_SIZE)
  return file
}

/** Compares four bytes at a time, for speed: SQLite's pages are multiples of that. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  const [left, right] = [wordsOf(one), wordsOf(other)]
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false
  return true
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / 4)
}

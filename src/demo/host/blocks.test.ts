import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BLOCK_SIZE, changedBlocks, applyBlocks } from './blocks.ts'

// SQLite's pages.
const PAGE = 4096
const pages = fc.array(fc.nat(3), { maxLength: 12 })

const fileOf = (pages: readonly number[]) =>
  new Uint8Array(pages.flatMap((fill) => Array.from({ length: PAGE }, () => fill)))

test('a file is what it was before with the blocks that changed, and those are few', () => {
  fc.assert(
    fc.property(pages, pages, (before, more) => {
      const after = fileOf([...more, ...before.slice(more.length)])
      const old = fileOf(before)
      const blocks = changedBlocks(after, old)
      const differs = (index: number) => {
        const [start, end] = [index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE]
        const [now, then] = [after.slice(start, end), old.slice(start, end)]
        return now.length !== then.length || now.some((byte, at) => byte !== then[at])
      }
      const all = Array.from({ length: Math.ceil(after.length / BLOCK_SIZE) }, (_, index) => index)
      expect(blocks.map(({ index }) => index)).toEqual(all.filter(differs))
      expect(applyBlocks(old, blocks)).toEqual(after)
    }),
  )
})

test('blocks are copies: a file that goes on changing changes none of them', () => {
  const file = fileOf([1, 2])
  const [block] = changedBlocks(file, new Uint8Array())
  file.fill(9)
  expect(block?.bytes[0]).toBe(1)
})
